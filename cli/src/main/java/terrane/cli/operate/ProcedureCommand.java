package terrane.cli.operate;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import terrane.cli.client.ProcedureView;
import terrane.cli.process.ExitCode;
import terrane.cli.screen.TextTable;
import terrane.cli.screen.TextTable.Align;
import terrane.core.time.SystemClock;

import tools.jackson.databind.node.JsonNodeFactory;

import java.util.List;

/// What the metasrv is doing, and has done.
@Command(
        name = "procedure",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Shows migrations, failovers and schema changes, and cancels them.",
        footer = {"", ExitCode.HELP})
public final class ProcedureCommand {
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Shows all procedures that are remembered, newest first.",
            footer = {"", ExitCode.HELP})
    int list(@Mixin MetasrvOptions options) throws InterruptedException {
        try (var admin = options.open(new SystemClock())) {
            var procedures = admin.procedures();
            if (options.json()) {
                var all = JsonNodeFactory.instance.arrayNode();
                procedures.forEach(procedure -> all.add(procedure.json()));
                System.out.println(all);
            } else {
                System.out.print(table(procedures));
            }
        }
        return ExitCode.OK;
    }

    private static String table(List<ProcedureView> procedures) {
        var table =
                new TextTable()
                        .column("procedure", Align.LEFT)
                        .column("kind", Align.LEFT)
                        .column("region", Align.RIGHT)
                        .column("from", Align.RIGHT)
                        .column("to", Align.RIGHT)
                        .column("status", Align.LEFT)
                        .column("stage", Align.LEFT)
                        .column("write gap", Align.RIGHT);
        for (var each : procedures) {
            table.row(
                    List.of(
                            each.id(),
                            each.kind(),
                            each.region().orElse(""),
                            each.source().orElse(""),
                            each.target().orElse(""),
                            each.status(),
                            each.stage(),
                            each.writeGapMillis().map(MigrationText::gap).orElse("")));
        }
        return table.draw();
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows one procedure: its stages and what came of it.",
            footer = {"", ExitCode.HELP})
    int show(
            @Mixin MetasrvOptions options,
            @Parameters(paramLabel = "ID", description = "the procedure's id") String id)
            throws InterruptedException {
        try (var admin = options.open(new SystemClock())) {
            var procedure = admin.procedure(id);
            System.out.print(
                    options.json() ? procedure.json() + "\n" : ProcedureText.of(procedure));
        }
        return ExitCode.OK;
    }

    @Command(
            name = "cancel",
            mixinStandardHelpOptions = true,
            description = {
                "Ends a migration that is not past its handover; the source leads as before.",
                "%nExit code 1 if it is too late."
            },
            footer = {"", ExitCode.HELP})
    int cancel(
            @Mixin MetasrvOptions options,
            @Parameters(paramLabel = "ID", description = "the procedure's id") String id)
            throws InterruptedException {
        try (var admin = options.open(new SystemClock())) {
            var procedure = admin.cancel(id);
            System.out.print(
                    options.json() ? procedure.json() + "\n" : ProcedureText.of(procedure));
        }
        return ExitCode.OK;
    }
}
