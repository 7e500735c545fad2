package terrane.query.select;

import terrane.core.catalog.Table;
import terrane.core.scan.ScanSpec;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Finds out what a SELECT needs.
public final class SelectPlanner {
    /// Planning takes about a millisecond; under load it waits for a thread.
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final Pattern EXPLAIN =
            Pattern.compile("^EXPLAIN(\\s+ANALYZE)?\\s+", Pattern.CASE_INSENSITIVE);

    private final SelectDatabase database;

    public SelectPlanner(SelectDatabase database) {
        this.database = database;
    }

    /// @param sql one SELECT, or EXPLAIN of one
    /// @param schema where unqualified table names are looked up
    /// @throws terrane.core.TerraneException.Rejected if the query cannot be read, names a table
    ///   that there is not, or does what queries may not
    public SelectPlan plan(String sql, String schema, Tables tables) throws InterruptedException {
        var explain = EXPLAIN.matcher(sql);
        String prefix = explain.find() ? explain.group() : "";
        long deadline = database.clock().nanosAfter(TIMEOUT);
        try (var session = database.session(deadline)) {
            var tree = SqlTrees.parse(session, sql.substring(prefix.length()));
            var walk = new QueryWalk(tables, schema, database.clock().now());
            walk.walk(tree.path("statements"), Set.of());
            var relations = new Relations();
            for (var mention : walk.mentions()) {
                mention.allColumns |= walk.everyColumn() || walk.wholeRow(mention.alias);
                relations.replace(mention, walk);
            }
            shorten(walk);
            return relations.plan(prefix + SqlTrees.print(session, tree));
        }
    }

    /// `schema.table.column` no longer resolves once the table is another relation.
    private static void shorten(QueryWalk walk) {
        for (var reference : walk.columnReferences()) {
            var parts = new ArrayList<String>();
            reference.path("column_names").forEach(part -> parts.add(part.asString("")));
            walk.mentions().stream()
                    .filter(mention -> mention.path.size() > 1)
                    .filter(mention -> parts.size() == mention.path.size() + 1)
                    .filter(mention -> parts.subList(0, parts.size() - 1).equals(mention.path))
                    .findFirst()
                    .ifPresent(mention -> rename(reference, mention.alias, parts.getLast()));
        }
    }

    private static void rename(ObjectNode reference, String alias, String column) {
        var names = (ArrayNode) reference.path("column_names");
        names.removeAll();
        names.add(alias);
        names.add(column);
    }

    /// The relations that take the tables' places.
    private static final class Relations {
        private final Map<Object, String> names = new LinkedHashMap<>();
        private final List<TableScan> scans = new ArrayList<>();
        private final List<SelectPlan.VirtualScan> virtual = new ArrayList<>();

        private record Scanned(Table table, ScanSpec spec) {}

        void replace(Mention mention, QueryWalk walk) {
            String relation =
                    switch (mention.source) {
                        case Mention.Source.Stored(var table) ->
                                stored(table, mention.spec(table, walk.names()));
                        case Mention.Source.Virtual(var table) ->
                                names.computeIfAbsent(table, _ -> virtual(table));
                    };
            if (!mention.node.has("alias")) {
                mention.node.put("alias", mention.alias);
            }
            // The two parts before the name keep it apart from any common table expression.
            var path = mention.node.putObject("qualified_name").putArray("path");
            path.add("temp").add("main").add(relation);
        }

        private String stored(Table table, ScanSpec spec) {
            return names.computeIfAbsent(
                    new Scanned(table, spec),
                    _ -> {
                        var scan = new TableScan(table, spec, next());
                        scans.add(scan);
                        return scan.relation();
                    });
        }

        private String virtual(VirtualTable table) {
            var scan = new SelectPlan.VirtualScan(table, next());
            virtual.add(scan);
            return scan.relation();
        }

        private String next() {
            return "__terrane_" + (scans.size() + virtual.size());
        }

        SelectPlan plan(String sql) {
            return new SelectPlan(sql, scans, virtual);
        }
    }
}
