package terrane.cli.operate;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import terrane.cli.process.ExitCode;
import terrane.core.time.SystemClock;
import terrane.metasrv.raft.CatalogBackup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;

/// Writes what the metasrvs know to a file.
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description = "Writes the metadata of a running cluster to a new file.",
        footer = {"", ExitCode.HELP})
public final class MetasrvBackup implements Callable<Integer> {
    @Mixin private MetasrvOptions options = new MetasrvOptions();

    @Parameters(paramLabel = "FILE", description = "must not exist")
    private Path file = Path.of("");

    @Override
    public Integer call() throws InterruptedException {
        try (var admin = options.open(new SystemClock())) {
            var backup = admin.backup();
            CatalogBackup.check(backup);
            Files.writeString(
                    file,
                    backup,
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.SYNC);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        return ExitCode.OK;
    }
}
