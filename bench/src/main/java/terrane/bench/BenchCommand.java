package terrane.bench;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/// The benchmarks.
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {MigrationCommand.class, IngestCommand.class},
        description = "Measures what clients of a cluster meet.")
final class BenchCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        var self = spec;
        if (self == null) {
            throw new IllegalStateException("picocli sets it");
        }
        throw new ParameterException(self.commandLine(), "which benchmark? migration or ingest");
    }
}
