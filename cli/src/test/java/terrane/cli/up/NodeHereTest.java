package terrane.cli.up;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import terrane.cli.role.Role;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// A node in the cluster's own process ends once, of itself or with the cluster.
@Timeout(30)
class NodeHereTest {
    private static final class Metasrv implements Role {
        private final CompletableFuture<TerraneException> over = new CompletableFuture<>();
        private final AtomicInteger closed = new AtomicInteger();

        @Override
        public String describe() {
            return "a metasrv";
        }

        @Override
        public TerraneException awaitOver() throws InterruptedException {
            try {
                return over.get();
            } catch (ExecutionException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    private final Metasrv role = new Metasrv();
    private final LinkedBlockingQueue<String> news = new LinkedBlockingQueue<>();
    private final NodeHere node = NodeHere.of("metasrv 1", role, news::add);

    @Test
    void oneThatCanNeverServeAgainIsClosedAndSaysWhy() throws Exception {
        role.over.complete(TerraneException.unavailable(ErrorCode.FOLDER_FAILED, "disk is full"));
        assertThat(news.take()).isEqualTo("metasrv 1 ended: disk is full (TRN-028)");
        assertThat(role.closed).hasValue(1);
        node.close();
        assertThat(role.closed).hasValue(1);
    }

    @Test
    void oneThatIsClosedSaysNothing() {
        node.close();
        assertThat(role.closed).hasValue(1);
        assertThat(news).isEmpty();
    }
}
