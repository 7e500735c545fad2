package terrane.core.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import terrane.core.catalog.Leadership.Led;

/// A catalog that comes back from a backup gives nothing out twice, and lets nobody go on whom it
/// does not know any more.
class RestorationTest {
    private final CatalogTown town = CatalogTown.settled();

    private Catalog restored() {
        town.catalog.apply(CatalogTown.create(TableName.of("more"), 50));
        town.catalog.restored(CatalogTown.NOW);
        return town.catalog;
    }

    @Test
    void epochsTablesAndVersionsAreFarAboveThoseBefore() {
        long version = town.catalog.version();
        var table = town.catalog.nextTable;
        var restored = restored();
        assertThat(restored.version()).isGreaterThan(version + Restoration.VERSIONS);
        assertThat(restored.nextTable).isGreaterThan(table);
        assertThat(restored.regions())
                .isNotEmpty()
                .allMatch(region -> region.lastEpoch().value() > Restoration.EPOCHS);
    }

    @Test
    void nobodyThatLivesLeadsAndNoMigrationIsUnderWay() {
        var restored = restored();
        assertThat(restored.regions())
                .allMatch(region -> region.procedure().isEmpty())
                .allMatch(region ->
                        region.leadership() instanceof Led led
                                && !restored.registered(led.leader())
                                && led.epoch().equals(region.lastEpoch()));
        assertThat(restored.procedures()).isNotEmpty().allMatch(Procedure::finished);
    }

    @Test
    void whoeverWatchedBeforeIsToldEverything() {
        long before = town.catalog.version() + 1_000;
        var delta = restored().changesSince(before);
        assertThat(delta.complete()).isTrue();
        assertThat(delta.changed()).hasSize(town.catalog.tables().size());
    }
}
