package terrane.bench;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import terrane.cli.up.ClusterOptions;
import terrane.cli.up.LocalCluster;
import terrane.core.Address;
import terrane.core.time.Clock;
import terrane.core.time.SystemClock;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The cluster that is measured: one that is there, or one of the benchmark's own, with an embedded
/// broker that acknowledges after fsync.
final class BenchedCluster {
    @Mixin private ClusterOptions options = new ClusterOptions();

    @Option(
            names = "--frontend",
            paramLabel = "HOST:PORT",
            description = "measure a cluster that is there; its frontend's HTTP address")
    private @Nullable String frontend;

    @Option(
            names = "--metasrv",
            paramLabel = "HOST:PORT,...",
            split = ",",
            description = "with --frontend: the HTTP addresses of its metasrvs")
    private List<String> metasrvs = new ArrayList<>();

    /// Where to find the cluster. Closing it ends what was started.
    record Opened(
            Address frontend,
            List<Address> metasrvs,
            Clock clock,
            Optional<LocalCluster> own,
            Optional<Path> temporary)
            implements AutoCloseable {
        @Override
        public void close() {
            own.ifPresent(LocalCluster::close);
            temporary.ifPresent(Opened::delete);
        }

        private static void delete(Path folder) {
            try (var paths = Files.walk(folder)) {
                for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot delete " + folder, e);
            }
        }
    }

    Opened open() throws InterruptedException {
        var other = frontend;
        if (other != null) {
            return new Opened(
                    Address.parse(other),
                    metasrvs.stream().map(Address::parse).toList(),
                    new SystemClock(),
                    Optional.empty(),
                    Optional.empty());
        }
        var temporary = options.named().isPresent() ? Optional.<Path>empty() : temporary();
        var folder = temporary.orElseGet(options::folder);
        var own = LocalCluster.start(options.plan(folder), System.err::println);
        return new Opened(
                own.shape().frontendHttp(),
                own.shape().metasrvHttps(),
                own.clock(),
                Optional.of(own),
                temporary);
    }

    private static Optional<Path> temporary() {
        try {
            return Optional.of(Files.createTempDirectory("terrane-bench"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a temporary folder", e);
        }
    }
}
