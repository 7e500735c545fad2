package terrane.query.select;

import terrane.core.catalog.Column;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.Literal;
import terrane.core.catalog.PartitionExpr.Operator;
import terrane.core.scan.Predicate;
import terrane.core.scan.TimeRange;
import terrane.query.statement.Literals;

import tools.jackson.databind.JsonNode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Finds the conditions of a SELECT that regions can apply. The whole query is run over what they
/// return, so a pushed condition need only be implied by the query's own: times are widened by a
/// unit where DuckDB might round, and whatever is not certain stays behind.
final class Pushdown {
    private static final Set<String> PLAIN_ITEMS = Set.of("COLUMN_REF", "STAR", "CONSTANT");

    private final FromClause from;
    private final List<String> aliases;
    private final Instant now;

    private Pushdown(FromClause from, List<String> aliases, Instant now) {
        this.from = from;
        this.aliases = aliases;
        this.now = now;
    }

    /// @param select a query node; only a SELECT has anything to push
    /// @param now not later than the query will run
    static void push(JsonNode select, FromClause from, Instant now) {
        if (!select.path("type").asString("").equals("SELECT_NODE")) {
            return;
        }
        var aliases =
                select.path("select_list")
                        .valueStream()
                        .map(item -> Mention.lower(item.path("alias").asString("")))
                        .toList();
        var pushdown = new Pushdown(from, aliases, now);
        pushdown.conjuncts(select.path("where_clause"));
        from.innerConditions().forEach(pushdown::conjuncts);
        limit(select, from);
    }

    private void conjuncts(JsonNode condition) {
        switch (condition.path("type").asString("")) {
            case "CONJUNCTION_AND" -> condition.path("children").forEach(this::conjuncts);
            case "COMPARE_EQUAL" -> comparison(condition, Operator.EQ);
            case "COMPARE_NOTEQUAL" -> comparison(condition, Operator.NOT_EQ);
            case "COMPARE_LESSTHAN" -> comparison(condition, Operator.LT);
            case "COMPARE_LESSTHANOREQUALTO" -> comparison(condition, Operator.LT_EQ);
            case "COMPARE_GREATERTHAN" -> comparison(condition, Operator.GT);
            case "COMPARE_GREATERTHANOREQUALTO" -> comparison(condition, Operator.GT_EQ);
            case "COMPARE_BETWEEN" -> between(condition);
            case "COMPARE_IN" -> in(condition);
            case "OPERATOR_IS_NULL" -> isNull(condition, false);
            case "OPERATOR_IS_NOT_NULL" -> isNull(condition, true);
            default -> {}
        }
    }

    /// A column of a table that may be narrowed.
    private record Place(Mention mention, Column column) {
        boolean timeIndex() {
            return column.semantic() == Column.Semantic.TIMESTAMP;
        }
    }

    private Optional<Place> place(JsonNode node) {
        if (!node.path("class").asString("").equals("COLUMN_REF")) {
            return Optional.empty();
        }
        var parts = new ArrayList<String>();
        node.path("column_names").forEach(part -> parts.add(part.asString("")));
        // An alias of the SELECT list may hide a column.
        if (parts.isEmpty() || aliases.contains(Mention.lower(parts.getLast()))) {
            return Optional.empty();
        }
        return from.owner(parts)
                .flatMap(mention ->
                        mention.column(parts.getLast()).map(column -> new Place(mention, column)));
    }

    private void comparison(JsonNode node, Operator operator) {
        var left = place(node.path("left"));
        if (left.isPresent()) {
            compare(left.get(), operator, node.path("right"));
        } else {
            place(node.path("right"))
                    .ifPresent(place -> compare(place, flipped(operator), node.path("left")));
        }
    }

    private static Operator flipped(Operator operator) {
        return switch (operator) {
            case EQ, NOT_EQ -> operator;
            case LT -> Operator.GT;
            case LT_EQ -> Operator.GT_EQ;
            case GT -> Operator.LT;
            case GT_EQ -> Operator.LT_EQ;
        };
    }

    private void between(JsonNode node) {
        place(node.path("input"))
                .ifPresent(place -> {
                    compare(place, Operator.GT_EQ, node.path("lower"));
                    compare(place, Operator.LT_EQ, node.path("upper"));
                });
    }

    private void compare(Place place, Operator operator, JsonNode constant) {
        if (place.timeIndex()) {
            Constants.time(constant, place.column().type())
                    .flatMap(bounds -> range(operator, bounds))
                    .or(() -> recent(operator, constant, place.column().type()))
                    .ifPresent(place.mention()::narrow);
            return;
        }
        Constants.literal(constant, place.column().type())
                .filter(_ -> place.column().type() != ColumnType.UINT64 || operator == Operator.EQ)
                .ifPresent(value -> add(place, compared(place, operator, value)));
    }

    private static Predicate compared(Place place, Operator operator, Literal value) {
        return new Predicate.Compare(place.column().id(), operator, value);
    }

    private static void add(Place place, Predicate predicate) {
        place.mention().predicates.add(predicate);
    }

    /// The times that may satisfy a comparison with a constant that lies somewhere in `bounds`.
    private static Optional<TimeRange> range(Operator operator, TimeRange bounds) {
        return switch (operator) {
            case EQ -> Optional.of(bounds);
            case NOT_EQ -> Optional.empty();
            case LT, LT_EQ -> Optional.of(new TimeRange(Long.MIN_VALUE, bounds.to()));
            case GT, GT_EQ -> Optional.of(new TimeRange(bounds.from(), Long.MAX_VALUE));
        };
    }

    private Optional<TimeRange> recent(Operator operator, JsonNode node, ColumnType type) {
        if (operator != Operator.GT && operator != Operator.GT_EQ) {
            return Optional.empty();
        }
        return RecentTimes.notBefore(node, now)
                .flatMap(from -> Literals.inUnit(from, type))
                .map(from -> new TimeRange(from, Long.MAX_VALUE));
    }

    private void in(JsonNode node) {
        var children = node.path("children").valueStream().toList();
        place(children.getFirst())
                .ifPresent(place -> in(place, children.subList(1, children.size())));
    }

    private static void in(Place place, List<JsonNode> constants) {
        if (place.timeIndex()) {
            var times =
                    constants.stream().map(c -> Constants.time(c, place.column().type())).toList();
            if (times.stream().allMatch(Optional::isPresent)) {
                long least = times.stream().mapToLong(t -> t.orElseThrow().from()).min().orElse(1);
                long greatest = times.stream().mapToLong(t -> t.orElseThrow().to()).max().orElse(0);
                place.mention().narrow(new TimeRange(least, greatest));
            }
            return;
        }
        var values =
                constants.stream().map(c -> Constants.literal(c, place.column().type())).toList();
        if (values.stream().allMatch(Optional::isPresent)) {
            var literals = values.stream().map(Optional::orElseThrow).toList();
            add(place, new Predicate.In(place.column().id(), literals));
        }
    }

    private void isNull(JsonNode node, boolean negated) {
        place(node.path("children").path(0))
                .filter(place -> !place.timeIndex())
                .ifPresent(place -> add(place, new Predicate.IsNull(place.column().id(), negated)));
    }

    /// Any rows will do if a SELECT takes the first of one table as they come.
    private static void limit(JsonNode select, FromClause from) {
        boolean plain =
                !select.has("where_clause")
                        && !select.has("qualify")
                        && !select.has("having")
                        && !select.has("sample")
                        && !select.has("group_expressions")
                        && !select.has("group_sets")
                        && select.path("modifiers").size() == 1
                        && select.path("aggregate_handling")
                                .asString("")
                                .equals("STANDARD_HANDLING")
                        && select.path("select_list").valueStream().allMatch(Pushdown::plainItem);
        var modifier = select.path("modifiers").path(0);
        if (!plain || !modifier.path("type").asString("").equals("LIMIT_MODIFIER")) {
            return;
        }
        var limit = Constants.count(modifier.path("limit"));
        var offset = modifier.has("offset") ? Constants.count(modifier.path("offset")) : zero();
        if (limit.isPresent() && offset.isPresent()) {
            from.single().ifPresent(mention -> mention.limit = limit.get() + offset.get());
        }
    }

    private static Optional<Long> zero() {
        return Optional.of(0L);
    }

    /// `COLUMNS(…)` is a star with an expression, and does not count.
    private static boolean plainItem(JsonNode item) {
        return PLAIN_ITEMS.contains(item.path("class").asString("")) && !item.has("expr");
    }
}
