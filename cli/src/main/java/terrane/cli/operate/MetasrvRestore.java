package terrane.cli.operate;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import terrane.cli.config.Setting;
import terrane.cli.config.Settings;
import terrane.cli.process.ExitCode;
import terrane.metasrv.raft.CatalogBackup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// Makes the folder of one metasrv from a backup.
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        description = {
            "Makes this metasrv's folder, metasrv.folder, from a backup.",
            "%nThe folder must be empty, and no metasrv of the cluster may run. Do it for every"
                    + " metasrv with the same file, then start them all."
        },
        footer = {"", ExitCode.HELP})
public final class MetasrvRestore implements Callable<Integer> {
    @Option(names = "--config", paramLabel = "FILE", description = "settings, as for the role")
    private List<Path> files = new ArrayList<>();

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "one setting")
    private List<String> flags = new ArrayList<>();

    @Parameters(paramLabel = "FILE", description = "what 'terrane metasrv backup' wrote")
    private Path file = Path.of("");

    @Override
    public Integer call() {
        var settings = Settings.load(files, System.getenv(), flags);
        var folder = settings.folder(Setting.METASRV_FOLDER);
        CatalogBackup.restore(CatalogBackup.load(file), folder);
        System.out.println("restored into " + folder);
        return ExitCode.OK;
    }
}
