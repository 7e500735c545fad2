package terrane.cli.client;

import tools.jackson.databind.JsonNode;

import java.util.List;

/// What one statement answered.
public sealed interface SqlAnswer {
    /// A change.
    record Affected(long rows) implements SqlAnswer {}

    /// Rows; each has a value for each column, which may be JSON's null.
    record Rows(List<Column> columns, List<List<JsonNode>> rows) implements SqlAnswer {}

    /// @param type as the frontend names it, for example `Int64`
    record Column(String name, String type) {
        /// Whether its values are numbers.
        public boolean numeric() {
            return type.startsWith("Int") || type.startsWith("UInt") || type.startsWith("Float");
        }
    }
}
