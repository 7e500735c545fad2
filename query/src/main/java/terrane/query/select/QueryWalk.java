package terrane.query.select;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.catalog.TableName;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Goes through the tree of a query once: finds the tables that it mentions, with common table
/// expressions shadowing tables as they do in SQL; collects the names of columns; refuses what
/// queries may not do; and lets [Pushdown] look at each SELECT on the way.
final class QueryWalk {
    /// Functions that stand for a table and read nothing but their arguments.
    private static final Set<String> TABLE_FUNCTIONS =
            Set.of(
                    "range",
                    "generate_series",
                    "unnest",
                    "repeat",
                    "json_each",
                    "json_tree",
                    "pg_timezone_names");

    /// Scalar functions that wait, write, or tell about the process.
    private static final Set<String> REFUSED_FUNCTIONS =
            Set.of(
                    "pg_sleep",
                    "sleep_ms",
                    "write_log",
                    "getenv",
                    "getvariable",
                    "current_setting",
                    "current_query",
                    "json_serialize_sql",
                    "json_deserialize_sql",
                    "json_serialize_plan",
                    "json_execute_serialized_sql",
                    "nextval",
                    "currval",
                    "setval");

    private final Tables tables;
    private final String schema;
    private final Instant now;
    private final List<Mention> mentions = new ArrayList<>();
    private final List<ObjectNode> columnReferences = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final Set<String> rows = new HashSet<>();
    private boolean everyColumn;

    QueryWalk(Tables tables, String schema, Instant now) {
        this.tables = tables;
        this.schema = schema;
        this.now = now;
    }

    List<Mention> mentions() {
        return mentions;
    }

    /// References to columns, for those that name their table by more than its alias.
    List<ObjectNode> columnReferences() {
        return columnReferences;
    }

    /// Whatever may be the name of a column, in lower case.
    Set<String> names() {
        return names;
    }

    /// Whether something in the query may speak of any column.
    boolean everyColumn() {
        return everyColumn;
    }

    /// @param hidden names of common table expressions that are in scope, in lower case
    void walk(JsonNode node, Set<String> hidden) {
        if (node.isArray()) {
            node.forEach(child -> walk(child, hidden));
        } else if (node instanceof ObjectNode object) {
            object(object, hidden);
        }
    }

    private void object(ObjectNode node, Set<String> hidden) {
        if (node.has("cte_map")) {
            query(node, hidden);
            return;
        }
        String type = node.path("type").asString("");
        switch (node.path("class").asString("")) {
            case "" -> relation(node, type, hidden);
            case "FUNCTION", "WINDOW" -> checkFunction(node);
            case "COLUMN_REF" -> column(node);
            case "POSITIONAL_REFERENCE" -> everyColumn = true;
            default -> {}
        }
        children(node, hidden);
    }

    private void children(ObjectNode node, Set<String> hidden) {
        node.properties().forEach(field -> walk(field.getValue(), hidden));
    }

    private void column(ObjectNode node) {
        columnReferences.add(node);
        var parts = node.path("column_names");
        parts.forEach(part -> name(part.asString("")));
        if (parts.size() == 1) {
            rows.add(Mention.lower(parts.path(0).asString("")));
        }
    }

    /// Whether the query may use rows of the table whole, by the table's name in place of a column.
    boolean wholeRow(String alias) {
        return rows.contains(Mention.lower(alias));
    }

    private void name(String name) {
        names.add(Mention.lower(name));
    }

    /// A SELECT, a union of several, or a recursive one, with its common table expressions.
    private void query(ObjectNode node, Set<String> outer) {
        var hidden = new HashSet<>(outer);
        if (node.path("type").asString("").equals("RECURSIVE_CTE_NODE")) {
            hidden.add(Mention.lower(node.path("cte_name").asString("")));
        }
        for (var cte : node.path("cte_map").path("map")) {
            walk(cte.path("value"), hidden);
            hidden.add(Mention.lower(cte.path("key").asString("")));
        }
        int first = mentions.size();
        var from = node.path("from_table");
        walk(from, hidden);
        var own = new FromClause(from, mentions.subList(first, mentions.size()));
        node.properties().stream()
                .filter(field -> !field.getKey().equals("cte_map"))
                .filter(field -> !field.getKey().equals("from_table"))
                .forEach(field -> walk(field.getValue(), hidden));
        if (stars(node)) {
            own.mentions().forEach(mention -> mention.allColumns = true);
        }
        Pushdown.push(node, own, now);
    }

    /// Whether an expression of this SELECT, not of one within, has a star.
    private static boolean stars(ObjectNode select) {
        return select.properties().stream()
                .filter(field -> !field.getKey().equals("cte_map"))
                .anyMatch(field -> star(field.getValue()));
    }

    private static boolean star(JsonNode node) {
        if (node.path("class").asString("").equals("STAR")) {
            return true;
        }
        if (node.has("cte_map")) {
            return false;
        }
        return node.valueStream().anyMatch(QueryWalk::star);
    }

    private void relation(ObjectNode node, String type, Set<String> hidden) {
        switch (type) {
            case "BASE_TABLE" -> table(node, hidden);
            case "JOIN" -> {
                node.path("using_columns").forEach(part -> name(part.asString("")));
                everyColumn |= node.path("ref_type").asString("").equals("NATURAL");
            }
            case "PIVOT" -> everyColumn = true;
            case "TABLE_FUNCTION" -> {
                String function = function(node.path("function"));
                if (!TABLE_FUNCTIONS.contains(function)) {
                    throw refused("the table function " + function);
                }
            }
            case "SHOW_REF", "COLUMN_DATA", "DELIM_GET", "CTE", "BOUND_TABLE_REF" ->
                    throw refused("a " + type);
            default -> {}
        }
    }

    private static void checkFunction(ObjectNode node) {
        String function = function(node);
        if (REFUSED_FUNCTIONS.contains(function)) {
            throw refused("the function " + function);
        }
    }

    private static String function(JsonNode node) {
        return Mention.lower(node.path("function_name").asString(""));
    }

    private static TerraneException refused(String what) {
        return TerraneException.rejected(
                ErrorCode.UNSUPPORTED,
                "%s is not allowed: queries read tables, not files or settings",
                what);
    }

    private void table(ObjectNode node, Set<String> hidden) {
        var path = new ArrayList<String>();
        node.path("qualified_name").path("path").forEach(part -> path.add(part.asString("")));
        if (path.size() == 1 && hidden.contains(Mention.lower(path.getFirst()))) {
            return;
        }
        var name = Mention.tableName(path, schema);
        mentions.add(new Mention(node, List.copyOf(path), source(name)));
    }

    private Mention.Source source(TableName name) {
        if (name.schema().equalsIgnoreCase(VirtualTable.SCHEMA)) {
            return VirtualTable.of(name.table())
                    .map(Mention.Source.Virtual::new)
                    .orElseThrow(() -> notFound(name));
        }
        return tables.table(name).map(Mention.Source.Stored::new).orElseThrow(() -> notFound(name));
    }

    private TerraneException notFound(TableName name) {
        return SimilarNames.tableNotFound(name, tables);
    }
}
