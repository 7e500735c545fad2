package terrane.cli.up;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import terrane.cli.process.Ending;
import terrane.cli.process.ExitCode;
import terrane.cli.screen.Screen;

import java.util.concurrent.Callable;

/// A whole cluster on this machine, until Ctrl-C.
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a whole cluster on this machine: a Kafka broker, metasrvs, datanodes, a frontend,"
                + " and shared storage in a folder. Ctrl-C or SIGTERM ends it in order; the next"
                + " 'terrane up' comes back with all data."
        },
        footer = {"", "Listens on 127.0.0.1 only.", ExitCode.HELP})
public final class UpCommand implements Callable<Integer> {
    private final Ending ending;

    @Mixin private ClusterOptions options = new ClusterOptions();

    public UpCommand(Ending ending) {
        this.ending = ending;
    }

    @Override
    public Integer call() throws InterruptedException {
        var screen = Screen.standard();
        var folder = options.folder();
        if (options.withParent()) {
            ending.withParent(System.in);
        }
        screen.line("starting in " + folder + " ...");
        try (var cluster = LocalCluster.start(options.plan(folder), screen::line)) {
            cluster.describe().forEach(screen::line);
            Advice.lines(cluster.shape()).forEach(screen::line);
            screen.line("ready");
            ending.await();
            screen.line("ending in order ...");
        } catch (InterruptedException | RuntimeException e) {
            if (!ending.asked()) {
                throw e;
            }
        }
        screen.line("ended; all data is in " + folder);
        return ExitCode.OK;
    }
}
