package terrane.query.select;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// `now() - interval '1 hour'`, as dashboards ask: a bound from below that only grows until the
/// query runs, so that its value while planning is safe to push down.
final class RecentTimes {
    /// More than a clock is set back between planning and running.
    private static final Duration SLACK = Duration.ofMinutes(1);

    private static final Set<String> NOW = Set.of("now", "get_current_timestamp");
    private static final Pattern TEXT =
            Pattern.compile(
                    "([0-9]{1,6}) ?(second|minute|hour|day|week|month|year)s?",
                    Pattern.CASE_INSENSITIVE);

    /// The longest that each can be.
    private static final Map<String, Duration> UNITS =
            Map.of(
                    "second", Duration.ofSeconds(1),
                    "minute", Duration.ofMinutes(1),
                    "hour", Duration.ofHours(1),
                    "day", Duration.ofDays(1),
                    "week", Duration.ofDays(7),
                    "month", Duration.ofDays(31),
                    "year", Duration.ofDays(366));

    private RecentTimes() {}

    /// @return a time before whatever the expression will be; empty if it is of another form
    static Optional<Instant> notBefore(JsonNode node, Instant now) {
        if (node.path("class").asString("").equals("FUNCTION")) {
            String name = node.path("function_name").asString("").toLowerCase(Locale.ROOT);
            var arguments = node.path("arguments");
            if (NOW.contains(name) && arguments.isEmpty()) {
                return Optional.of(now.minus(SLACK));
            }
            if (name.equals("-") && arguments.size() == 2) {
                return notBefore(arguments.path(0).path("expression"), now)
                        .flatMap(from ->
                                interval(arguments.path(1).path("expression")).map(from::minus));
            }
        }
        return Optional.empty();
    }

    /// @return a time that the interval does not exceed
    private static Optional<Duration> interval(JsonNode node) {
        if (node.path("class").asString("").equals("FUNCTION")) {
            // `interval 1 hour` is to_hours(trunc(1)), with casts between.
            String name = node.path("function_name").asString("").toLowerCase(Locale.ROOT);
            String unit = name.replaceFirst("^to_", "").replaceFirst("s$", "");
            return number(node.path("arguments").path(0).path("expression"))
                    .flatMap(count -> times(count, unit));
        }
        String type = node.path("type_expr").path("type_name").asString("");
        var text = TEXT.matcher(node.path("child").path("literal").path("text").asString(""));
        return type.equalsIgnoreCase("INTERVAL") && text.matches()
                ? times(Long.parseLong(text.group(1)), text.group(2).toLowerCase(Locale.ROOT))
                : Optional.empty();
    }

    private static Optional<Duration> times(long count, String unit) {
        return Optional.ofNullable(UNITS.get(unit)).map(one -> one.multipliedBy(count));
    }

    private static Optional<Long> number(JsonNode node) {
        return switch (node.path("class").asString("")) {
            case "CAST" -> number(node.path("child"));
            case "FUNCTION" ->
                    node.path("function_name").asString("").equals("trunc")
                            ? number(node.path("arguments").path(0).path("expression"))
                            : Optional.empty();
            case "CONSTANT" -> Constants.count(node).filter(count -> count < 1_000_000);
            default -> Optional.empty();
        };
    }
}
