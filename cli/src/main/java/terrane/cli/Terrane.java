package terrane.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

import terrane.cli.config.Setting;
import terrane.cli.config.SettingTable;
import terrane.cli.demo.DemoCommand;
import terrane.cli.operate.MetasrvBackup;
import terrane.cli.operate.MetasrvRestore;
import terrane.cli.operate.NodeCommand;
import terrane.cli.operate.ProcedureCommand;
import terrane.cli.operate.RegionCommand;
import terrane.cli.process.Ending;
import terrane.cli.process.ExitCode;
import terrane.cli.process.Logs;
import terrane.cli.process.Reasons;
import terrane.cli.role.BrokerRole;
import terrane.cli.role.RoleCommand;
import terrane.cli.role.Roles;
import terrane.cli.sql.SqlCommand;
import terrane.cli.up.UpCommand;
import terrane.core.TerraneException;
import terrane.core.time.SystemClock;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;

/// The program: its commands, and how each failure is told.
@Command(
        name = "terrane",
        mixinStandardHelpOptions = true,
        version = "terrane 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        description =
                "A distributed time-series database whose regions move while they are written.",
        footer = {"", "Begin with 'terrane demo' or 'terrane up'.", ExitCode.HELP})
public final class Terrane {
    private Terrane() {}

    /// Runs one command and ends the process with its exit code.
    public static void main(String[] arguments) {
        Logs.nowhere();
        var ending = Ending.ofThisThread(new SystemClock());
        ending.end(commands(ending).execute(arguments));
    }

    /// All commands; those of other modules come by [Subcommand].
    static CommandLine commands(Ending ending) {
        var line = new CommandLine(new Terrane());
        line.addSubcommand(new DemoCommand(ending));
        line.addSubcommand(new UpCommand(ending));
        line.addSubcommand(new SqlCommand());
        line.addSubcommand(new RegionCommand());
        line.addSubcommand(new ProcedureCommand());
        line.addSubcommand(new NodeCommand());
        roles(line, ending);
        for (var more : ServiceLoader.load(Subcommand.class)) {
            line.addSubcommand(more.name(), more.command());
        }
        line.setExecutionExceptionHandler((e, at, _) -> failed(e, at));
        line.setParameterExceptionHandler(new Misuse());
        line.setUsageHelpAutoWidth(true);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        return line;
    }

    private static void roles(CommandLine line, Ending ending) {
        var metasrv = Setting.of("metasrv", "lease", "wal", "kafka", "storage");
        role(
                        line,
                        "metasrv",
                        "Decides who leads.",
                        metasrv,
                        new RoleCommand(Roles::metasrv, ending))
                .addSubcommand(new MetasrvBackup())
                .addSubcommand(new MetasrvRestore());
        var datanode = Setting.of("datanode", "metasrv.members", "kafka", "storage");
        role(
                line,
                "datanode",
                "Leads regions.",
                datanode,
                new RoleCommand(Roles::datanode, ending));
        var frontend = Setting.of("frontend", "metasrv.members");
        role(
                line,
                "frontend",
                "Serves clients.",
                frontend,
                new RoleCommand(Roles::frontend, ending));
        var broker = Setting.of("broker");
        role(
                line,
                "broker",
                "A Kafka broker for one machine.",
                broker,
                new RoleCommand(BrokerRole::start, ending));
    }

    /// @return the command of the role
    private static CommandLine role(
            CommandLine line,
            String name,
            String description,
            List<Setting> settings,
            RoleCommand command) {
        var own = new CommandLine(command);
        own.getCommandSpec()
                .usageMessage()
                .description(
                        description,
                        "%nRuns one such role until SIGTERM or Ctrl-C, which it obeys in order. A"
                                + " setting is read from --config, then from the environment"
                                + " (datanode.id as TERRANE_DATANODE_ID), then from --set; the"
                                + " last one counts.")
                .footer(SettingTable.help(settings), ExitCode.HELP);
        line.addSubcommand(name, own);
        return own;
    }

    /// A wrong command line: what is wrong, what may be meant, and where help is.
    private static final class Misuse implements IParameterExceptionHandler {
        @Override
        public int handleParseException(ParameterException e, String[] arguments) {
            var line = e.getCommandLine();
            System.err.println("terrane: " + e.getMessage());
            UnmatchedArgumentException.printSuggestions(e, line.getErr());
            System.err.println("Try '%s --help'.".formatted(line.getCommandSpec().qualifiedName()));
            return ExitCode.USAGE;
        }
    }

    /// With its code, by which people find out what to do; what a server said has it already.
    private static String told(TerraneException failure) {
        var text = failure.text();
        return text.contains("TRN-") ? text : "%s (%s)".formatted(text, failure.code().text());
    }

    private static int failed(Exception e, CommandLine at) {
        return switch (e) {
            case TerraneException failure -> {
                System.err.println("terrane: " + told(failure));
                yield ExitCode.of(failure);
            }
            case InterruptedException _ -> ExitCode.INTERRUPTED;
            case UncheckedIOException failure -> {
                var cause = Objects.requireNonNull(failure.getCause());
                var reason = Reasons.of(cause);
                System.err.println("terrane: %s: %s".formatted(failure.getMessage(), reason));
                yield ExitCode.FAILED;
            }
            default -> {
                System.err.println(
                        "terrane: '%s' failed, which is an error of ours:"
                                .formatted(at.getCommandSpec().qualifiedName()));
                e.printStackTrace();
                yield ExitCode.FAILED;
            }
        };
    }
}
