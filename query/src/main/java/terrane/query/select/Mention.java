package terrane.query.select;

import terrane.core.catalog.Column;
import terrane.core.catalog.Table;
import terrane.core.catalog.TableName;
import terrane.core.scan.Predicate;
import terrane.core.scan.ScanSpec;
import terrane.core.scan.TimeRange;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// One place of a query where a table of ours stands.
final class Mention {
    /// In the query's tree.
    final ObjectNode node;

    /// As written: one to three parts.
    final List<String> path;

    /// By which the rest of the query may speak of it.
    final String alias;

    final Source source;
    final List<Predicate> predicates = new ArrayList<>();
    TimeRange times = TimeRange.ALL;
    long limit = ScanSpec.NO_LIMIT;
    boolean allColumns;

    /// What stands there.
    sealed interface Source {
        record Stored(Table table) implements Source {}

        record Virtual(VirtualTable table) implements Source {}
    }

    Mention(ObjectNode node, List<String> path, Source source) {
        this.node = node;
        this.path = path;
        this.source = source;
        String given = node.path("alias").asString("");
        this.alias = given.isEmpty() ? path.getLast() : given;
        // Renamed columns are not traced.
        this.allColumns = node.has("column_name_alias");
    }

    /// @return the stored column of that name, in any case, unless columns were renamed here
    Optional<Column> column(String name) {
        return switch (source) {
            case Source.Stored(var table) when !node.has("column_name_alias") ->
                    table.schema().columns().stream()
                            .filter(column -> column.name().equalsIgnoreCase(name))
                            .findFirst();
            case Source.Stored _, Source.Virtual _ -> Optional.empty();
        };
    }

    /// Whether this is the mention at that very place; an equal one may stand at another.
    @SuppressWarnings("ReferenceEquality") // two equal nodes are two mentions
    boolean standsAt(JsonNode place) {
        return node == place;
    }

    boolean hasColumn(String name) {
        return switch (source) {
            case Source.Stored _ -> node.has("column_name_alias") || column(name).isPresent();
            case Source.Virtual(var table) ->
                    table.columns().stream().anyMatch(c -> c.name().equalsIgnoreCase(name));
        };
    }

    void narrow(TimeRange range) {
        times =
                new TimeRange(
                        Math.max(times.from(), range.from()), Math.min(times.to(), range.to()));
    }

    /// @param names every name of a column anywhere in the query, in lower case
    ScanSpec spec(Table table, Set<String> names) {
        var ids =
                table.schema().columns().stream()
                        .filter(column -> allColumns || names.contains(lower(column.name())))
                        .map(Column::id)
                        .toList();
        return new ScanSpec(ids, times, predicates, limit);
    }

    static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    static TableName tableName(List<String> path, String schema) {
        return switch (path.size()) {
            case 1 -> new TableName(TableName.CATALOG, schema, path.get(0));
            case 2 -> new TableName(TableName.CATALOG, path.get(0), path.get(1));
            default ->
                    new TableName(
                            path.get(path.size() - 3),
                            path.get(path.size() - 2),
                            path.get(path.size() - 1));
        };
    }
}
