package terrane.core.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import terrane.core.Epoch;
import terrane.core.Incarnation;
import terrane.core.Node;
import terrane.core.PeerId;
import terrane.core.TableId;
import terrane.core.TerraneException.Corrupt;
import terrane.core.WalOffset;
import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.core.bytes.Golden;
import terrane.core.migration.MigrationState.CatchingUp;
import terrane.core.migration.MigrationState.Completed;
import terrane.core.migration.MigrationState.Ending;
import terrane.core.migration.MigrationState.HandingOver;
import terrane.core.migration.MigrationState.Opening;
import terrane.core.migration.MigrationState.Reclaiming;
import terrane.core.migration.MigrationState.RolledBack;
import terrane.core.migration.Plan.Cause;
import terrane.core.migration.Plan.Limits;
import terrane.core.wal.UnflushedSum;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What is not encoded is lost: every component of every state and plan comes back.
class MigrationCodecTest {
    private static final Node FIRST = new Node(new PeerId(1), new Incarnation(-1, 2));
    private static final Node SECOND = new Node(new PeerId(300), new Incarnation(3, -4));

    private static final List<MigrationState> STATES =
            List.of(
                    new Opening(),
                    new CatchingUp(),
                    new HandingOver(FIRST, SECOND, new Epoch(12)),
                    new Reclaiming(SECOND, new Epoch(1_000)),
                    new Completed(),
                    new RolledBack("lost", Ending.FAILED),
                    new RolledBack("cancelled", Ending.CANCELLED),
                    new RolledBack("dry run", Ending.DRY_RUN));

    private static Plan plan(Cause cause, Optional<PeerId> source, Limits limits) {
        var submitted = Instant.ofEpochMilli(1_700_000_000_123L);
        return new Plan(
                new TableId(1087).region(3), cause, source, new PeerId(2), limits, submitted);
    }

    private static final Limits LIMITS =
            new Limits(Duration.ofSeconds(5_410), Optional.of(Duration.ofMillis(50)), true);

    private static final List<Plan> PLANS =
            List.of(
                    plan(Cause.CREATED, Optional.empty(), Limits.DEFAULT),
                    plan(Cause.ORDERED, Optional.of(new PeerId(1)), LIMITS),
                    plan(Cause.FAILED_OVER, Optional.of(new PeerId(-1)), Limits.DEFAULT));

    private static final Certificate CERTIFICATE =
            new Certificate(
                    Optional.of(new Epoch(4)),
                    new Epoch(5),
                    new WalOffset(1_234),
                    17,
                    "sha256:00ff",
                    Optional.of(new UnflushedSum(1, 2, 3)),
                    new UnflushedSum(1, 2, 3),
                    Optional.of(true),
                    0);

    @Test
    void everyStateComesBack() {
        byte[] bytes = states();
        Golden.check("migration-states-1", bytes);
        var in = new ByteReader(bytes);
        for (var state : STATES) {
            assertThat(MigrationCodec.state(in)).isEqualTo(state);
        }
        in.end("states");
    }

    private static byte[] states() {
        var out = new ByteWriter();
        STATES.forEach(state -> MigrationCodec.state(out, state));
        return out.toBytes();
    }

    @Test
    void everyPlanComesBack() {
        var out = new ByteWriter();
        PLANS.forEach(plan -> MigrationCodec.plan(out, plan));
        Golden.check("migration-plans-1", out.toBytes());
        var in = new ByteReader(out.toBytes());
        for (var plan : PLANS) {
            assertThat(MigrationCodec.plan(in)).isEqualTo(plan);
        }
        in.end("plans");
    }

    @Test
    void certificateComesBack() {
        var out = new ByteWriter();
        MigrationCodec.certificate(out, CERTIFICATE);
        Golden.check("certificate-1", out.toBytes());
        assertThat(MigrationCodec.certificate(new ByteReader(out.toBytes())))
                .isEqualTo(CERTIFICATE);
    }

    @Test
    void certificateThatCountsWhatWasGivenUpComesBack() {
        for (var agreed : List.of(Optional.of(true), Optional.<Boolean>empty())) {
            var counts =
                    new Certificate(
                            CERTIFICATE.sourceEpoch(),
                            CERTIFICATE.targetEpoch(),
                            CERTIFICATE.fence(),
                            CERTIFICATE.manifestVersion(),
                            CERTIFICATE.manifestDigest(),
                            CERTIFICATE.source(),
                            CERTIFICATE.target(),
                            agreed,
                            300);
            var out = new ByteWriter();
            MigrationCodec.certificate(out, counts);
            Golden.check("certificate-2" + (agreed.isPresent() ? "" : "-alone"), out.toBytes());
            assertThat(MigrationCodec.certificate(new ByteReader(out.toBytes()))).isEqualTo(counts);
        }
        assertCorrupt(new byte[] {0, 5, 0, 0, 0, 0, 0, 0, 0, 4}, MigrationCodec::certificate);
    }

    @Test
    void unknownTagsAndTruncationsAreCorrupt() {
        for (int tag : new int[] {0, 7, 255}) {
            assertCorrupt(new byte[] {(byte) tag}, MigrationCodec::state);
        }
        assertCorrupt(new byte[] {6, 0, 9}, MigrationCodec::state);
        for (var state : STATES) {
            var out = new ByteWriter();
            MigrationCodec.state(out, state);
            for (int length = 0; length < out.size(); length++) {
                assertCorrupt(Arrays.copyOf(out.toBytes(), length), MigrationCodec::state);
            }
        }
    }

    private static void assertCorrupt(byte[] bytes, Function<ByteReader, ?> read) {
        assertThatThrownBy(() -> read.apply(new ByteReader(bytes))).isInstanceOf(Corrupt.class);
    }
}
