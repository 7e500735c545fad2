package terrane.frontend.http;

import org.jspecify.annotations.Nullable;

import terrane.frontend.sql.Output;
import terrane.query.select.QueryResult;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.ObjectMapper;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.List;

/// Answers in the shapes that GreptimeDB's clients parse.
final class SqlJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SqlJson() {}

    static byte[] outputs(List<Output> outputs, long millis) {
        var bytes = new ByteArrayOutputStream();
        try (var json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeArrayPropertyStart("output");
            for (var output : outputs) {
                json.writeStartObject();
                switch (output) {
                    case Output.AffectedRows rows ->
                            json.writeNumberProperty("affectedrows", rows.count());
                    case Output.Records records -> {
                        json.writeObjectPropertyStart("records");
                        records(json, records.result());
                        json.writeEndObject();
                    }
                }
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeNumberProperty("execution_time_ms", millis);
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void records(JsonGenerator json, QueryResult result) {
        json.writeObjectPropertyStart("schema");
        json.writeArrayPropertyStart("column_schemas");
        for (var column : result.columns()) {
            json.writeStartObject();
            json.writeStringProperty("name", column.name());
            json.writeStringProperty("data_type", column.type());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeArrayPropertyStart("rows");
        for (var row : result.rows()) {
            json.writeStartArray();
            row.forEach(cell -> cell(json, cell));
            json.writeEndArray();
        }
        json.writeEndArray();
        json.writeNumberProperty("total_rows", result.rows().size());
    }

    private static void cell(JsonGenerator json, @Nullable Object cell) {
        switch (cell) {
            case null -> json.writeNull();
            case Boolean truth -> json.writeBoolean(truth);
            case Long whole -> json.writeNumber(whole);
            case Double real -> json.writeNumber(real);
            case BigInteger large -> json.writeNumber(large);
            default -> json.writeString(cell.toString());
        }
    }

    static byte[] error(Failure failure, long millis) {
        var bytes = new ByteArrayOutputStream();
        try (var json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeNumberProperty("code", failure.code());
            json.writeStringProperty("error", failure.text());
            json.writeNumberProperty("execution_time_ms", millis);
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }
}
