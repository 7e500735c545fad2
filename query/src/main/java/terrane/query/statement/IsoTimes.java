package terrane.query.statement;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;

/// Times as people write them: a date, a date and a time with a blank or a `T` between them, with
/// up to nine digits of a second, and an offset or none, which means UTC.
public final class IsoTimes {
    private static final Pattern FORM =
            Pattern.compile(
                    "(\\d{4}-\\d{2}-\\d{2})"
                            + "(?:[ T](\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,9})?)?))?"
                            + " ?(Z|z|UTC|[+-]\\d{2}(?::?\\d{2})?)?");

    private IsoTimes() {}

    /// @return empty if it is not of that form, or no such time exists
    public static Optional<Instant> instant(String text) {
        var match = FORM.matcher(text.strip());
        if (!match.matches()) {
            return Optional.empty();
        }
        try {
            String time = Optional.ofNullable(match.group(2)).orElse("00:00");
            String offset = Optional.ofNullable(match.group(3)).orElse("Z");
            boolean utc = offset.equalsIgnoreCase("Z") || offset.equals("UTC");
            var zone = utc ? ZoneOffset.UTC : ZoneOffset.of(offset);
            return Optional.of(LocalDateTime.parse(match.group(1) + "T" + time).toInstant(zone));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /// @return empty if it is not `2026-11-22`, or no such day exists
    public static Optional<LocalDate> date(String text) {
        try {
            return Optional.of(LocalDate.parse(text.strip()));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
