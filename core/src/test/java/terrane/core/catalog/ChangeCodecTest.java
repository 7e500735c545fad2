package terrane.core.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static terrane.core.catalog.CatalogTown.ALICE;
import static terrane.core.catalog.CatalogTown.BOB;
import static terrane.core.catalog.CatalogTown.NOW;
import static terrane.core.catalog.CatalogTown.REGION;
import static terrane.core.catalog.CatalogTown.procedure;

import org.junit.jupiter.api.Test;

import terrane.core.ClusterId;
import terrane.core.Epoch;
import terrane.core.TableId;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.core.bytes.Golden;
import terrane.core.migration.MigrationState;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Writes one of each kind of change, and a catalog that has a bit of everything, and compares them
/// with what was written before.
class ChangeCodecTest {
    private static List<Change> oneOfEach() {
        return List.of(
                new Change.Noop(),
                new Change.Initialize(new ClusterId(new UUID(1, 2))),
                new Change.ConfigureWal(List.of(new WalPartition("wal-0", 0))),
                CatalogTown.register(ALICE, Optional.of(BOB)),
                new Change.NodeLeft(ALICE),
                new Change.StorageProven(ALICE),
                new Change.RaiseLongestLease(Duration.ofSeconds(3)),
                CatalogTown.create(CatalogTown.CPU, 1),
                new Change.SubmitMigration(
                        procedure(3),
                        CatalogTown.plan(REGION, ALICE.peer(), BOB.peer()),
                        new MigrationState.Opening(),
                        Optional.of("request")),
                new Change.SaveMigration(
                        procedure(3),
                        2,
                        new MigrationState.HandingOver(ALICE, BOB, new Epoch(2)),
                        CatalogTown.measured(),
                        NOW),
                new Change.SubmitAlter(procedure(4), TableId.FIRST, CatalogTown.schema(2), NOW),
                new Change.AlterDone(procedure(4), NOW),
                new Change.DropTable(procedure(5), TableId.FIRST, NOW),
                new Change.TableGone(procedure(5), NOW),
                new Change.CommitFlushed(List.of(new Change.FlushedTo(REGION, new WalOffset(300)))),
                new Change.Pin(procedure(3)),
                new Change.Unpin(procedure(3)),
                new Change.RecordWriteGap(REGION, new Epoch(2), Duration.ofMillis(4)),
                new Change.Cancel(procedure(3)));
    }

    @Test
    void listHasOneOfEachKind() {
        assertThat(oneOfEach().stream().map(Change::getClass).distinct())
                .hasSize(Change.class.getPermittedSubclasses().length);
    }

    @Test
    void everyChangeIsReadAsItWasWritten() {
        for (var change : oneOfEach()) {
            assertThat(ChangeCodec.decode(ChangeCodec.encode(change))).isEqualTo(change);
        }
    }

    @Test
    void changesOfTheFirstFormStayReadable() {
        var out = new ByteWriter();
        oneOfEach().forEach(change -> out.bytes(ChangeCodec.encode(change)));
        Golden.check("catalog-changes-2", out.toBytes());
        assertThat(out.toBytes())
                .as("what was there is as it was")
                .startsWith(Golden.read("catalog-changes-1"));
    }

    @Test
    void catalogOfTheFirstFormStaysReadable() {
        var town = CatalogTown.withTable();
        oneOfEach().forEach(town::apply);
        town.apply(CatalogTown.create(TableName.of("mem"), 40));
        Golden.check("catalog-1", town.bytes());
        assertThat(CatalogTown.bytes(CatalogTown.decoded(town.bytes()))).isEqualTo(town.bytes());
    }

    @Test
    void catalogOfTheSecondFormStaysReadable() {
        var town = CatalogTown.withTable();
        town.submit(9);
        town.done(new Change.Cancel(procedure(9)));
        Golden.check("catalog-2", town.bytes());
        var back = CatalogTown.decoded(town.bytes());
        assertThat(back.cancelled(procedure(9))).isTrue();
        assertThat(CatalogTown.bytes(back)).isEqualTo(town.bytes());
    }

    @Test
    void truncatedChangeIsCorrupt() {
        for (var change : oneOfEach()) {
            byte[] whole = ChangeCodec.encode(change);
            for (int length = 0; length < whole.length; length++) {
                byte[] part = Arrays.copyOf(whole, length);
                assertThatThrownBy(() -> ChangeCodec.decode(part))
                        .as("%s cut to %d bytes", change, length)
                        .isInstanceOf(TerraneException.Corrupt.class);
            }
        }
    }

    /// As `host = 'a' OR host = 'b' OR …` is read; a message may be as deep, and what was accepted
    /// must be readable in the log.
    @Test
    void ruleOfHundredsOfAlternativesComesBackFromTheLog() {
        PartitionExpr expr = host(0);
        for (int i = 1; i < 1_000; i++) {
            expr = new PartitionExpr.Or(expr, host(i));
        }
        var rule = new PartitionRule(List.of("host"), List.of(expr));
        var out = new ByteWriter();
        TableCodec.rule(out, rule);
        var back = TableCodec.rule(new ByteReader(out.toBytes()));
        assertThat(back.regions().getFirst().toString()).isEqualTo(expr.toString());
    }

    private static PartitionExpr host(int i) {
        var name = new Literal.Text("host-" + i);
        return new PartitionExpr.Comparison("host", PartitionExpr.Operator.EQ, name);
    }
}
