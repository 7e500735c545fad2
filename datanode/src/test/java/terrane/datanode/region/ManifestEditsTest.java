package terrane.datanode.region;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import terrane.core.ProcedureId;
import terrane.core.time.SystemClock;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executors;

/// Shows what a frozen manifest waits for, and what waits for it.
class ManifestEditsTest {
    private static final ProcedureId MOVE = new ProcedureId(new UUID(0, 1));
    private static final ProcedureId OTHER = new ProcedureId(new UUID(0, 2));
    private static final Duration NOT = Duration.ZERO;
    private static final Duration SOON = Duration.ofSeconds(10);

    private final ManifestEdits edits = new ManifestEdits(new SystemClock());

    @Test
    void oneWorksAtATime() {
        assertThat(edits.begin()).isTrue();
        assertThat(edits.begin()).isFalse();
        edits.end();
        assertThat(edits.begin()).isTrue();
    }

    @Test
    void aFreezeDoesNotWaitForAFileThatIsBeingWritten() throws InterruptedException {
        edits.begin();
        assertThat(edits.freeze(MOVE, NOT)).isTrue();
        assertThat(edits.create(NOT)).isFalse();
    }

    @Test
    void aFreezeWaitsForTheVersionThatIsBeingCreated() throws Exception {
        edits.begin();
        assertThat(edits.create(NOT)).isTrue();
        assertThat(edits.freeze(MOVE, NOT)).isFalse();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var frozen = threads.submit(() -> edits.freeze(MOVE, SOON));
            edits.end();
            assertThat(frozen.get()).isTrue();
        }
    }

    @Test
    void onlyWhoFrozeThaws() throws Exception {
        edits.begin();
        edits.freeze(MOVE, NOT);
        edits.thaw(OTHER);
        assertThat(edits.create(NOT)).isFalse();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var created = threads.submit(() -> edits.create(SOON));
            edits.thaw(MOVE);
            assertThat(created.get()).isTrue();
        }
    }
}
