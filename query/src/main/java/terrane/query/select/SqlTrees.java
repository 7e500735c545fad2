package terrane.query.select;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.query.statement.Positions;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.sql.SQLException;

/// A SELECT as the tree that DuckDB's own parser makes of it, and back.
final class SqlTrees {
    /// DuckDB ends at 1,000 levels of an expression; each is up to three of the tree.
    private static final int DEPTH_MAX = 4_000;

    private static final JsonMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(DEPTH_MAX)
                                                    .build())
                                    .streamWriteConstraints(
                                            StreamWriteConstraints.builder()
                                                    .maxNestingDepth(DEPTH_MAX)
                                                    .build())
                                    .build())
                    .build();

    private SqlTrees() {}

    /// @return the whole document: `statements`, of which there is one
    /// @throws TerraneException.Rejected if the text is not one SELECT
    static ObjectNode parse(SelectSession session, String sql) throws InterruptedException {
        String json =
                session.run(() ->
                        scalar(
                                session,
                                "SELECT json_serialize_sql(?::VARCHAR, skip_null := true,"
                                        + " skip_empty := true, skip_default := true)",
                                sql));
        var tree = (ObjectNode) JSON.readTree(json);
        if (tree.path("error").asBoolean(false)) {
            throw refused(sql, tree);
        }
        if (tree.path("statements").size() != 1) {
            throw TerraneException.rejected(ErrorCode.INVALID_SQL, "one SELECT at a time, please");
        }
        return tree;
    }

    private static TerraneException refused(String sql, JsonNode tree) {
        String message = tree.path("error_message").asString("it cannot be parsed");
        if (tree.path("error_type").asString("").equals("not implemented")) {
            return TerraneException.rejected(
                    ErrorCode.UNSUPPORTED,
                    "this form of a query is not supported: write it as SELECT … FROM …");
        }
        String position = tree.path("position").asString("");
        if (position.isEmpty()) {
            return new TerraneException.Rejected(ErrorCode.INVALID_SQL, message, null);
        }
        int offset = Math.clamp(Long.parseLong(position), 0, sql.length());
        return Positions.rejected(sql, offset, ErrorCode.INVALID_SQL, message);
    }

    static String print(SelectSession session, JsonNode tree) throws InterruptedException {
        String json = JSON.writeValueAsString(tree);
        return session.run(() -> scalar(session, "SELECT json_deserialize_sql(?::JSON)", json));
    }

    private static String scalar(SelectSession session, String sql, String argument)
            throws SQLException {
        try (var statement = session.connection().prepareStatement(sql)) {
            statement.setString(1, argument);
            try (var result = statement.executeQuery()) {
                result.next();
                return result.getString(1);
            }
        }
    }
}
