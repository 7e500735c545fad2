package terrane.metasrv.client;

import terrane.core.RegionId;
import terrane.core.WalOffset;
import terrane.core.catalog.Catalog;
import terrane.metasrv.node.RegionNews;
import terrane.metasrv.node.StoppedCopies.Stopped;
import terrane.metasrv.procedure.MigrationRequests;
import terrane.metasrv.procedure.Quarantine;
import terrane.metasrv.raft.CatalogStore;
import terrane.wire.metasrv.NodeRequest.Flushed;
import terrane.wire.metasrv.PoisonReport;

import java.util.ArrayList;
import java.util.List;

/// Records of the log that cannot be read, for people: at which of them regions wait, at which only
/// copies have stopped, and which were given up.
public final class PoisonList {
    private final CatalogStore store;
    private final RegionNews news;
    private final MigrationRequests migrations;

    public PoisonList(CatalogStore store, RegionNews news, MigrationRequests migrations) {
        this.store = store;
        this.news = news;
        this.migrations = migrations;
    }

    /// Regions that nobody leads because of such a record, in order.
    public List<PoisonReport> waiting() {
        return migrations.poisons().stream().map(PoisonList::waiting).toList();
    }

    private static PoisonReport waiting(Quarantine.Poison poison) {
        return new PoisonReport(
                poison.region(),
                poison.wal(),
                poison.offset(),
                poison.rows(),
                poison.node().peer(),
                true,
                poison.reason());
    }

    /// Copies of regions that others lead, which could not take them over, by their nodes. Not any
    /// more when the record is in files, so that nobody will read it again, or was given up.
    public List<PoisonReport> stopped() {
        var waiting = waiting();
        return store.read(catalog ->
                news.stopped().all().stream()
                        .filter(each -> isInTheWay(catalog, each))
                        .filter(each -> waiting.stream().noneMatch(known -> isSame(known, each)))
                        .map(PoisonList::stopped)
                        .toList());
    }

    private boolean isInTheWay(Catalog catalog, Stopped copy) {
        var at = copy.at();
        return catalog.registered(copy.node())
                && catalog.region(at.region())
                        .filter(region -> !at.offset().isBelow(region.flushed()))
                        .isPresent()
                && !givenUp(at.region()).contains(at.offset());
    }

    private static boolean isSame(PoisonReport known, Stopped copy) {
        return known.region().equals(copy.at().region())
                && known.offset().equals(copy.at().offset());
    }

    private static PoisonReport stopped(Stopped copy) {
        var at = copy.at();
        return new PoisonReport(
                at.region(),
                at.wal(),
                at.offset(),
                at.rows(),
                copy.node().peer(),
                false,
                at.reason());
    }

    /// Those of [#waiting], then those of [#stopped].
    public List<PoisonReport> all() {
        var all = new ArrayList<>(waiting());
        all.addAll(stopped());
        return List.copyOf(all);
    }

    /// The records that operators have given up, as the region's leader last said.
    private List<WalOffset> givenUp(RegionId region) {
        return news.flushed().latest(region).map(Flushed::skipped).orElse(List.of());
    }

    /// A region that has gone on without some of its records.
    public record GivenUp(RegionId region, List<WalOffset> offsets) {}

    /// All such regions whose leaders have said so to this metasrv, in order.
    public List<GivenUp> givenUp() {
        return news.flushed().all().stream()
                .filter(report -> !report.skipped().isEmpty())
                .map(report -> new GivenUp(report.region(), report.skipped()))
                .toList();
    }
}
