package terrane.cli.client;

import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Asks a frontend in SQL.
public final class SqlClient implements AutoCloseable {
    /// Longer than the frontend's own limit, whose message says more.
    private static final Duration ANSWER_MAX = Duration.ofMinutes(5);

    private static final String ADVICE =
            "no frontend listens there; start a cluster with 'terrane up', or name another frontend"
                    + " with --frontend host:port";

    private final Http http;
    private final ObjectMapper json =
            JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    public SqlClient(Address frontend) {
        this.http = new Http(frontend, ADVICE);
    }

    /// The answer as JSON, whole.
    ///
    /// @throws TerraneException.Rejected if the statement is wrong
    /// @throws TerraneException.Unavailable if nobody answers; nothing was changed
    /// @throws TerraneException.Uncertain if it may have been carried out
    public JsonNode ask(String sql, String database) throws InterruptedException {
        var answer = http.post("/v1/sql", Map.of("db", database), Map.of("sql", sql), ANSWER_MAX);
        var body = parse(answer);
        if (!answer.good()) {
            throw failure(answer.status(), body.path("error").asString(answer.body()));
        }
        return body;
    }

    /// Carries out one statement or several.
    public List<SqlAnswer> run(String sql, String database) throws InterruptedException {
        var answers = new ArrayList<SqlAnswer>();
        for (var output : ask(sql, database).path("output")) {
            answers.add(answer(output));
        }
        return answers;
    }

    /// The rows of one query in the database `public`.
    public SqlAnswer.Rows query(String sql) throws InterruptedException {
        if (run(sql, "public").getFirst() instanceof SqlAnswer.Rows rows) {
            return rows;
        }
        throw TerraneException.rejected(ErrorCode.INVALID_SQL, "not a query: %s", sql);
    }

    private JsonNode parse(Http.Answer answer) {
        try {
            return json.readTree(answer.body());
        } catch (JacksonException e) {
            throw failure(
                    answer.status(),
                    "%s does not answer as a frontend does: %s"
                            .formatted(http.address(), answer.body().strip()));
        }
    }

    private static SqlAnswer answer(JsonNode output) {
        if (output.has("affectedrows")) {
            return new SqlAnswer.Affected(output.path("affectedrows").asLong());
        }
        var records = output.path("records");
        var columns = new ArrayList<SqlAnswer.Column>();
        for (var column : records.path("schema").path("column_schemas")) {
            columns.add(
                    new SqlAnswer.Column(
                            column.path("name").asString(), column.path("data_type").asString()));
        }
        var rows = new ArrayList<List<JsonNode>>();
        for (var row : records.path("rows")) {
            var cells = new ArrayList<JsonNode>();
            row.forEach(cells::add);
            rows.add(cells);
        }
        return new SqlAnswer.Rows(columns, rows);
    }

    /// The text names its code already.
    static TerraneException failure(int status, String text) {
        if (status == 503) {
            return new TerraneException.Unavailable(
                    ErrorCode.NOT_READY, text, Duration.ofSeconds(1), null);
        }
        if (status / 100 == 4) {
            return new TerraneException.Rejected(ErrorCode.INVALID_SQL, text, null);
        }
        return new TerraneException.Uncertain(ErrorCode.INTERNAL, text, null);
    }

    @Override
    public void close() {
        http.close();
    }
}
