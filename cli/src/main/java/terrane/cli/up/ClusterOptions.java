package terrane.cli.up;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Options of what starts a cluster on this machine.
public final class ClusterOptions {
    /// Beside the other files of whoever starts it, easy to find and to delete.
    private static final Path FOLDER = Path.of("terrane-data");

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "keep everything in this folder; default ./terrane-data")
    private @Nullable Path data;

    @Option(names = "--processes", description = "a JVM for every node, to be killed at will")
    private boolean processes;

    @Option(names = "--metasrvs", paramLabel = "N", description = "1 or 3; default 3")
    private @Nullable Integer metasrvs;

    @Option(names = "--datanodes", paramLabel = "N", description = "from 1 to 9; default 3")
    private @Nullable Integer datanodes;

    @Option(
            names = "--port-offset",
            paramLabel = "N",
            description = "added to every port, for a second cluster; default 0")
    private @Nullable Integer portOffset;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "a setting of all nodes, as in docs/operating/settings.md; repeatable")
    private List<String> settings = new ArrayList<>();

    @Option(names = "--with-parent", hidden = true, description = "end with standard input")
    private boolean withParent;

    /// The folder that is named, or the default one.
    public Path folder() {
        return named().orElse(FOLDER).toAbsolutePath().normalize();
    }

    /// The folder that is named.
    public Optional<Path> named() {
        return Optional.ofNullable(data);
    }

    /// Whether to end with standard input.
    public boolean withParent() {
        return withParent;
    }

    /// The cluster that is wanted, in this folder.
    public LocalCluster.Plan plan(Path folder) {
        var wanted =
                new LocalCluster.Wanted(
                        Optional.ofNullable(metasrvs),
                        Optional.ofNullable(datanodes),
                        Optional.ofNullable(portOffset));
        return new LocalCluster.Plan(folder, wanted, processes, settings);
    }
}
