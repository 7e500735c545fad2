package terrane.engine.wal.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import terrane.core.TerraneException;
import terrane.core.time.SystemClock;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;

/// The broker's process starts, keeps its identity, ends in order, and says clearly why it cannot
/// start.
@Timeout(120)
class BrokerProcessIT {
    private final SystemClock clock = new SystemClock();
    @TempDir Path folder;

    private BrokerProcess start(BrokerSettings settings) throws InterruptedException {
        return BrokerProcess.start(
                settings, BrokerMain.class.getName(), folder.resolve("broker.log"), clock);
    }

    @Test
    void brokerThatIsStartedAgainIsTheSame() throws InterruptedException, ExecutionException {
        var data = folder.resolve("data");
        var settings = BrokerSettings.onFreePorts(data);
        var first = start(settings);
        var identity = BrokerIdentity.of(settings).orElseThrow();
        var process = first.handle();
        first.close();
        assertThat(process.isAlive()).isFalse();
        try (var second = start(BrokerSettings.onFreePorts(data))) {
            assertThat(second.handle().isAlive()).isTrue();
            assertThat(BrokerIdentity.of(settings)).contains(identity);
        }
    }

    @Test
    void portInUseIsNamed() throws IOException {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var free = BrokerSettings.onFreePorts(folder.resolve("data"));
            var taken =
                    new BrokerSettings(
                            free.directory(), other.getLocalPort(), free.controllerPort());
            assertThatThrownBy(() -> start(taken))
                    .isInstanceOf(TerraneException.Rejected.class)
                    .hasMessageContaining("port " + other.getLocalPort() + " is in use");
        }
    }

    @Test
    void directoryInUseIsRefused() throws InterruptedException {
        var data = folder.resolve("data");
        try (var first = start(BrokerSettings.onFreePorts(data))) {
            var process = first.handle();
            assertThatThrownBy(() -> start(BrokerSettings.onFreePorts(data)))
                    .isInstanceOf(TerraneException.Rejected.class)
                    .hasMessageContaining("another broker uses the directory");
            assertThat(first.handle()).isEqualTo(process);
            assertThat(process.isAlive()).isTrue();
        }
    }

    @Test
    void processEndsWhenItsStandardInputEnds() throws Exception {
        var settings = BrokerSettings.onFreePorts(folder.resolve("data"));
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command =
                new java.util.ArrayList<>(
                        List.of(
                                java,
                                "-cp",
                                System.getProperty("java.class.path"),
                                BrokerMain.class.getName()));
        command.addAll(settings.toArguments());
        var process =
                new ProcessBuilder(command)
                        .inheritIO()
                        .redirectInput(ProcessBuilder.Redirect.PIPE)
                        .start();
        process.getOutputStream().close(); // as when the parent dies
        assertThat(process.waitFor()).isZero();
    }
}
