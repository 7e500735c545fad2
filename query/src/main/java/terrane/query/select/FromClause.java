package terrane.query.select;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What one SELECT reads from, and where conditions may be applied before its joins.
final class FromClause {
    private final List<Mention> mentions = new ArrayList<>();
    private final List<Mention> narrowable = new ArrayList<>();
    private final List<JsonNode> innerConditions = new ArrayList<>();
    private boolean onlyTables = true;

    /// @param found the mentions in the clause, those within its subqueries among them
    FromClause(JsonNode from, List<Mention> found) {
        visit(from, List.copyOf(found), true);
    }

    /// The tables that stand in the clause itself.
    List<Mention> mentions() {
        return mentions;
    }

    /// Conditions of joins that hold for every row that comes out.
    List<JsonNode> innerConditions() {
        return innerConditions;
    }

    /// @param kept whether a row of this relation that fails a condition of WHERE can be left out
    ///   before the joins above it without changing which rows come out
    private void visit(JsonNode relation, List<Mention> found, boolean kept) {
        switch (relation.path("type").asString("EMPTY")) {
            case "BASE_TABLE" -> {
                var mention = found.stream().filter(m -> m.standsAt(relation)).findFirst();
                mention.ifPresentOrElse(mentions::add, () -> onlyTables = false);
                mention.filter(_ -> kept && !relation.has("sample")).ifPresent(narrowable::add);
            }
            case "JOIN" -> join(relation, found, kept);
            case "EMPTY" -> {}
            default -> onlyTables = false;
        }
    }

    private void join(JsonNode join, List<Mention> found, boolean kept) {
        String kind = join.path("ref_type").asString("");
        String type = join.path("join_type").asString("INNER");
        boolean plain = kind.equals("REGULAR") || kind.equals("CROSS");
        boolean inner = plain && type.equals("INNER");
        boolean left = plain && (type.equals("LEFT") || type.equals("SEMI") || type.equals("ANTI"));
        boolean right = plain && type.equals("RIGHT");
        visit(join.path("left"), found, kept && (inner || left));
        visit(join.path("right"), found, kept && (inner || right));
        if (kept && inner && join.has("condition")) {
            innerConditions.add(join.path("condition"));
        }
    }

    /// The one table that a reference to a column can only mean, if it may be narrowed.
    ///
    /// @param parts as written, the last being the column
    Optional<Mention> owner(List<String> parts) {
        String column = parts.getLast();
        if (parts.size() == 1) {
            var candidates = mentions.stream().filter(m -> m.hasColumn(column)).toList();
            boolean certain = onlyTables && candidates.size() == 1;
            return certain ? candidates.stream().filter(narrowable::contains).findFirst() : none();
        }
        if (parts.size() != 2) {
            return none();
        }
        var named = mentions.stream().filter(m -> m.alias.equalsIgnoreCase(parts.get(0))).toList();
        return named.size() == 1 ? named.stream().filter(narrowable::contains).findFirst() : none();
    }

    private static Optional<Mention> none() {
        return Optional.empty();
    }

    /// The table, if the clause is one table and nothing else.
    Optional<Mention> single() {
        return onlyTables && mentions.size() == 1 && narrowable.size() == 1
                ? Optional.of(mentions.getFirst())
                : none();
    }
}
