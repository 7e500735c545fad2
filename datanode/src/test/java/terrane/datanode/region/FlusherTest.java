package terrane.datanode.region;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/// What happens to rows on their way into files while storage, or this node's own disk, fails.
class FlusherTest {
    @TempDir private Path folder;
    private FlushFixture node;

    @BeforeEach
    void start() throws Exception {
        node = new FlushFixture(folder);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void whatStorageDidNotTakeIsUploadedAgainUnderAnotherNameAndNotWrittenAgain() throws Exception {
        node.flushInVain(1);
        node.flush();
        assertThat(node.written).hasValue(1);
        assertThat(node.spill).isEmptyDirectory();
        assertThat(node.files()).hasSize(2).containsAll(node.named());
        node.leader.write(1, 2);
        node.flush();
        assertThat(node.written).hasValue(2);
    }

    @Test
    void rowsThatStorageDidNotTakeAreWrittenAgainIfTheirFileIsGone() throws Exception {
        node.flushInVain(1);
        node.loseSpilled();
        node.flush();
        assertThat(node.written).hasValue(2);
        assertThat(node.named()).hasSize(1);
    }

    @Test
    void fileThatStorageDidNotTakeGoesWithTheLeadership() throws Exception {
        node.flushInVain(1);
        node.flusher.discardForeign();
        assertThat(node.spill).isNotEmptyDirectory();
        node.leader.copy.close();
        node.flusher.discardForeign();
        assertThat(node.spill).isEmptyDirectory();
    }

    @Test
    void nodeWhoseFoldersWereDeletedFlushesAllTheSame() throws Exception {
        node.loseFolders();
        node.leader.write(1, 1);
        node.flush();
        assertThat(node.files()).isEqualTo(node.named()).hasSize(1);
        node.loseFolders();
        node.leader.write(1, 2);
        node.flush();
        assertThat(node.named()).hasSize(2);
    }
}
