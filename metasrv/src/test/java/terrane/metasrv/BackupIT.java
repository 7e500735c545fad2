package terrane.metasrv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import terrane.core.Epoch;
import terrane.core.TerraneException;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.Column;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.MergeMode;
import terrane.core.catalog.PartitionRule;
import terrane.core.catalog.TableName;
import terrane.core.catalog.TableSchema;
import terrane.metasrv.raft.CatalogBackup;
import terrane.wire.metasrv.ClientRequest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;

/// Shows with real Raft and real connections that a metasrv goes on from a backup, with datanodes
/// that run on, and that what was decided after the backup is not decided a second time.
class BackupIT {
    private static final TableName CPU = TableName.of("cpu");
    private static final TableName LATER = TableName.of("later");

    @TempDir Path directory;

    private static ClientRequest.CreateTable create(TableName name) {
        var time =
                new Column(
                        1,
                        "ts",
                        ColumnType.TIMESTAMP_MILLISECOND,
                        Column.Semantic.TIMESTAMP,
                        false);
        var schema = new TableSchema(1, List.of(time), MergeMode.LAST_ROW);
        return new ClientRequest.CreateTable(
                name, schema, PartitionRule.SINGLE, new TreeMap<>(), false);
    }

    private static String backup(LoneMetasrv metasrv) {
        return metasrv.server().store().read(CatalogBackup::of);
    }

    @Test
    void restoredMetasrvHasItsTablesAndUsesNoEpochAndNoTableIdAgain() throws Exception {
        String backup;
        var folder = directory.resolve("restored");
        try (var metasrv = new LoneMetasrv(directory.resolve("first"))) {
            try (var _ = metasrv.datanode(0, 10)) {
                metasrv.ask(create(CPU));
                backup = backup(metasrv);
                metasrv.ask(create(LATER)); // not in the backup
            }
        }
        CatalogBackup.restore(backup, folder);
        try (var metasrv = new LoneMetasrv(folder);
                var datanode = metasrv.datanode(0, 10)) {
            var tables = metasrv.ask(new ClientRequest.WatchCatalog(0, Duration.ZERO));
            assertThat(tables.changed()).extracting(d -> d.table().name()).containsExactly(CPU);
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() ->
                            assertThat(datanode.held().values())
                                    .hasSize(1)
                                    .allMatch(epoch -> epoch.isAbove(new Epoch(1L << 40))));
            var again = metasrv.ask(create(LATER));
            assertThat(again.table().id().value()).isGreaterThan(1 << 20);
        }
    }

    @Test
    void nodeThatSleptThroughItGetsNoLeaseForWhatItLed() throws Exception {
        String backup;
        var folder = directory.resolve("restored");
        try (var metasrv = new LoneMetasrv(directory.resolve("first"));
                var _ = metasrv.datanode(0, 10)) {
            metasrv.ask(create(CPU));
            backup = backup(metasrv);
        }
        CatalogBackup.restore(backup, folder);
        try (var metasrv = new LoneMetasrv(folder);
                var sleeper = metasrv.silent(0, 10)) {
            sleeper.register();
            sleeper.wants(metasrv.server().store().read(BackupIT::region), new Epoch(1));
            sleeper.beat();
            assertThat(sleeper.held()).isEmpty();
        }
    }

    private static terrane.core.RegionId region(Catalog catalog) {
        return catalog.regions().iterator().next().id();
    }

    @Test
    void onlyAnEmptyFolderTakesABackupAndOnlyAWholeOne() throws Exception {
        String backup;
        try (var metasrv = new LoneMetasrv(directory.resolve("first"))) {
            backup = backup(metasrv);
        }
        assertThatThrownBy(() -> CatalogBackup.restore(backup, directory.resolve("first")))
                .isInstanceOf(TerraneException.Rejected.class)
                .hasMessageContaining("not empty");
        var folder = directory.resolve("empty");
        var cut = backup.substring(0, backup.length() - 6);
        assertThatThrownBy(() -> CatalogBackup.restore(cut, folder))
                .isInstanceOf(TerraneException.Corrupt.class);
        int middle = backup.length() / 2;
        char other = backup.charAt(middle) == 'A' ? 'B' : 'A';
        var damaged = backup.substring(0, middle) + other + backup.substring(middle + 1);
        assertThatThrownBy(() -> CatalogBackup.restore(damaged, folder))
                .isInstanceOf(TerraneException.Corrupt.class);
        assertThatThrownBy(() -> CatalogBackup.restore("something else", folder))
                .isInstanceOf(TerraneException.Rejected.class);
        assertThat(Files.exists(folder)).as("nothing was made").isFalse();
    }
}
