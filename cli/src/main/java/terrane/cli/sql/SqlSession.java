package terrane.cli.sql;

import terrane.cli.client.SqlAnswer;
import terrane.cli.client.SqlClient;
import terrane.cli.process.ExitCode;
import terrane.core.TerraneException;

import java.io.PrintStream;

/// Carries out statements and shows what became of them.
final class SqlSession {
    /// How answers are written.
    enum Output {
        TABLE,
        JSON
    }

    private final SqlClient client;
    private final Output output;
    private final PrintStream out;
    private final PrintStream err;
    private String database;

    SqlSession(SqlClient client, String database, Output output, PrintStream out, PrintStream err) {
        this.client = client;
        this.database = database;
        this.output = output;
        this.out = out;
        this.err = err;
    }

    String database() {
        return database;
    }

    /// @return the exit code that tells what became of it
    int tell(String statement) throws InterruptedException {
        try {
            if (output == Output.JSON) {
                out.println(client.ask(statement, database));
            } else {
                for (SqlAnswer answer : client.run(statement, database)) {
                    out.print(AnswerText.of(answer));
                }
            }
            out.flush();
            return ExitCode.OK;
        } catch (TerraneException e) {
            err.println("ERROR: " + e.text());
            return ExitCode.of(e);
        }
    }

    /// A line that begins with a backslash.
    ///
    /// @return false to leave
    boolean command(String line) throws InterruptedException {
        var words = line.split("\\s+", 2);
        switch (words[0]) {
            case "\\q" -> {
                return false;
            }
            case "\\?" -> out.print(Shortcuts.HELP);
            case "\\c" -> {
                if (words.length == 2) {
                    database = words[1].replace(";", "").strip();
                } else {
                    err.println("which database? For example: \\c public");
                }
            }
            default -> {
                var statement = Shortcuts.statement(line);
                if (statement.isPresent()) {
                    tell(statement.get());
                } else {
                    err.println("there is no " + words[0] + "; \\? shows what there is");
                }
            }
        }
        return true;
    }
}
