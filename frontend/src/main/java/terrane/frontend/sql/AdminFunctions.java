package terrane.frontend.sql;

import org.jspecify.annotations.Nullable;

import terrane.core.ErrorCode;
import terrane.core.PeerId;
import terrane.core.ProcedureId;
import terrane.core.Randomness;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.catalog.TableName;
import terrane.core.migration.Plan;
import terrane.frontend.route.MetasrvClient;
import terrane.query.select.QueryResult;
import terrane.query.select.QueryResult.ResultColumn;
import terrane.query.statement.Statement.Admin;
import terrane.query.statement.Value;
import terrane.wire.metasrv.ClientRequest.FlushTable;
import terrane.wire.metasrv.ClientRequest.ListProcedures;
import terrane.wire.metasrv.ClientRequest.MigrateRegion;

import tools.jackson.databind.ObjectMapper;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// `ADMIN function(…)`: orders to the metasrv, answered with one value.
final class AdminFunctions {
    private static final Duration AT_MOST = Duration.ofSeconds(30);

    private final MetasrvClient metasrv;
    private final Randomness randomness;
    private final ObjectMapper json = new ObjectMapper();

    AdminFunctions(MetasrvClient metasrv, Randomness randomness) {
        this.metasrv = metasrv;
        this.randomness = randomness;
    }

    Output run(Admin statement, String schema) throws InterruptedException {
        var arguments = statement.arguments();
        return switch (statement.function()) {
            case "migrate_region" -> {
                count(statement, 3, 4, "migrate_region(4398046511104, 1, 2, 60)");
                yield migrate(statement, arguments);
            }
            case "procedure_state" -> {
                count(statement, 1, 1, "procedure_state('538b7476-9f79-4e50-aa9c-b1de90710839')");
                yield one(statement, "String", state(text(arguments.getFirst())));
            }
            case "flush_table" -> {
                count(statement, 1, 1, "flush_table('cpu')");
                var name = text(arguments.getFirst());
                metasrv.call(
                        new FlushTable(new TableName(TableName.CATALOG, schema, name)), AT_MOST);
                yield one(statement, "Int64", 0L);
            }
            default ->
                    throw TerraneException.rejected(
                            ErrorCode.UNSUPPORTED,
                            "there is no ADMIN function '%s'; there are: migrate_region,"
                                    + " procedure_state, flush_table",
                            statement.function());
        };
    }

    private static void count(Admin statement, int least, int most, String example) {
        int count = statement.arguments().size();
        if (count < least || count > most) {
            throw TerraneException.rejected(
                    ErrorCode.INVALID_ARGUMENT,
                    "%s takes %s arguments, not %d (example: ADMIN %s)",
                    statement.function(),
                    least == most ? Integer.toString(least) : least + " or " + most,
                    count,
                    example);
        }
    }

    private Output migrate(Admin statement, List<Value> arguments) throws InterruptedException {
        var timeout =
                arguments.size() == 4
                        ? timeout(arguments.get(3))
                        : Plan.Limits.DEFAULT.replayTimeout();
        var request =
                new MigrateRegion(
                        RegionId.parse(number(arguments.get(0), "region id")),
                        PeerId.parse(number(arguments.get(1), "peer id")),
                        PeerId.parse(number(arguments.get(2), "peer id")),
                        new Plan.Limits(timeout, Optional.empty(), false),
                        // Asked again after a lost connection it is still the same migration.
                        Optional.of(randomness.nextUuid().toString()));
        var submitted = metasrv.call(request, AT_MOST);
        return one(
                statement, "String", submitted.procedure().map(ProcedureId::toString).orElse(null));
    }

    private static Duration timeout(Value value) {
        var seconds = new BigInteger(number(value, "timeout"));
        if (seconds.signum() <= 0 || seconds.bitLength() > 31) {
            throw TerraneException.rejected(
                    ErrorCode.INVALID_ARGUMENT,
                    "timeout is %s seconds, it must be positive and below 2^31",
                    seconds);
        }
        return Duration.ofSeconds(seconds.longValueExact());
    }

    private static String number(Value value, String what) {
        if (value instanceof Value.Whole whole) {
            return whole.value().toString();
        }
        throw TerraneException.rejected(
                ErrorCode.INVALID_ARGUMENT, "%s must be an integer, not %s", what, value.text());
    }

    private static String text(Value value) {
        if (value instanceof Value.Text text) {
            return text.value();
        }
        throw TerraneException.rejected(
                ErrorCode.INVALID_ARGUMENT, "a text in '…' is expected, not %s", value.text());
    }

    private String state(String id) throws InterruptedException {
        var procedure = ProcedureId.parse(id);
        var found = metasrv.call(new ListProcedures(Optional.of(procedure)), AT_MOST).procedures();
        if (found.isEmpty()) {
            throw TerraneException.rejected(
                    ErrorCode.PROCEDURE_NOT_FOUND, "procedure '%s' does not exist", procedure);
        }
        var state = new LinkedHashMap<String, Object>();
        state.put("status", found.getFirst().status());
        found.getFirst().error().ifPresent(error -> state.put("error", error));
        return json.writeValueAsString(state);
    }

    /// One row of one column, named as the call was written.
    private static Output one(Admin statement, String type, @Nullable Object value) {
        var call =
                statement.arguments().stream()
                        .map(Value::text)
                        .collect(Collectors.joining(", ", statement.function() + "(", ")"));
        var rows = new ArrayList<List<@Nullable Object>>();
        rows.add(Arrays.<@Nullable Object>asList(value));
        return new Output.Records(new QueryResult(List.of(new ResultColumn(call, type)), rows));
    }
}
