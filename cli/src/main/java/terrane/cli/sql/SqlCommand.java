package terrane.cli.sql;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import terrane.cli.client.SqlClient;
import terrane.cli.process.ExitCode;
import terrane.cli.screen.Screen;
import terrane.core.Address;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// SQL for people, and for scripts.
@Command(
        name = "sql",
        mixinStandardHelpOptions = true,
        description = {
            "Runs SQL on a frontend: what -e says, what comes on standard input, or what you type."
        },
        footer = {
            "",
            "At the prompt \\? shows the commands that begin with a backslash.",
            ExitCode.HELP
        })
public final class SqlCommand implements Callable<Integer> {
    @Option(
            names = {"-e", "--execute"},
            paramLabel = "SQL",
            description = "run this and leave; may be given several times")
    private List<String> statements = new ArrayList<>();

    @Option(
            names = "--frontend",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:4000",
            description = "the frontend's HTTP address; default ${DEFAULT-VALUE}")
    private String frontend = "";

    @Option(
            names = {"-d", "--db"},
            defaultValue = "public",
            description = "the database; default ${DEFAULT-VALUE}")
    private String database = "";

    @Option(
            names = "--output",
            defaultValue = "table",
            description = "table, or json as the frontend answers it")
    private SqlSession.Output output = SqlSession.Output.TABLE;

    @Override
    public Integer call() throws InterruptedException {
        try (var client = new SqlClient(Address.parse(frontend))) {
            var session = new SqlSession(client, database, output, System.out, System.err);
            if (!statements.isEmpty()) {
                return script(session, String.join(";\n", statements));
            }
            if (Screen.interactive()) {
                return new Prompt(session).run();
            }
            return script(session, input());
        }
    }

    private static String input() {
        try {
            return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read standard input", e);
        }
    }

    /// Stops at the first failure.
    private static int script(SqlSession session, String text) throws InterruptedException {
        var cut = Statements.cut(text);
        var all = new ArrayList<>(cut.whole());
        if (!cut.rest().isBlank()) {
            all.add(cut.rest().strip());
        }
        for (var statement : all) {
            int code = session.tell(statement);
            if (code != ExitCode.OK) {
                return code;
            }
        }
        return ExitCode.OK;
    }
}
