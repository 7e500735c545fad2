package terrane.core.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import terrane.core.TerraneException.Rejected;

import java.time.Duration;
import java.util.List;
import java.util.Random;

/// The notation's units, its sums, and what is refused, with a message that helps.
class DurationsTest {
    private static Duration parse(String text) {
        return Durations.parse("replay_timeout", text);
    }

    @Test
    void documentedExamplesAreRead() {
        assertThat(parse("5m")).isEqualTo(Duration.ofMinutes(5));
        assertThat(parse("1h30m10s")).isEqualTo(Duration.ofSeconds(5_410));
        assertThat(parse("300s")).isEqualTo(Duration.ofMinutes(5));
        assertThat(parse("1500ms")).isEqualTo(Duration.ofMillis(1_500));
        assertThat(parse("1day 2h")).isEqualTo(Duration.ofHours(26));
    }

    @Test
    void everySpellingOfAUnitIsRead() {
        assertUnit(Duration.ofNanos(2), "ns", "nsec", "nanos");
        assertUnit(Duration.ofNanos(2_000), "us", "usec", "µs");
        assertUnit(Duration.ofMillis(2), "ms", "msec", "millis");
        assertUnit(Duration.ofSeconds(2), "s", "sec", "secs", "second", "seconds");
        assertUnit(Duration.ofMinutes(2), "m", "min", "mins", "minute", "minutes");
        assertUnit(Duration.ofHours(2), "h", "hr", "hrs", "hour", "hours");
        assertUnit(Duration.ofDays(2), "d", "day", "days");
        assertUnit(Duration.ofDays(14), "w", "wk", "wks", "week", "weeks");
        assertUnit(Duration.ofSeconds(2 * 2_630_016L), "M", "month", "months");
        assertUnit(Duration.ofHours(17_532), "y", "yr", "yrs", "year", "years");
    }

    private static void assertUnit(Duration expected, String... units) {
        for (String unit : units) {
            assertThat(parse("2" + unit)).as(unit).isEqualTo(expected);
            assertThat(parse(" 2 " + unit + " ")).as(unit).isEqualTo(expected);
        }
    }

    @Test
    void zeroAndBareNumbersAreRefused() {
        for (String text : List.of("0s", "0", "0h0m", "300", "1h30", "")) {
            assertRefused(text);
        }
    }

    @Test
    void everythingElseIsRefused() {
        for (String text :
                List.of(
                        "m",
                        "5 fortnights",
                        "-5m",
                        "1.5h",
                        "5m;",
                        "PT5M",
                        "300y",
                        "5mm",
                        " ",
                        "m5")) {
            assertRefused(text);
        }
        assertRefused("99999999999999999999999999s");
    }

    private static void assertRefused(String text) {
        assertThatThrownBy(() -> parse(text))
                .as(text)
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("replay_timeout")
                .hasMessageContaining("example: replay_timeout=5m");
    }

    @Test
    void whatIsFormattedIsReadBack() {
        var random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            var duration = Duration.ofNanos(random.nextLong(1, 1L << (1 + random.nextInt(62))));
            assertThat(parse(Durations.format(duration))).isEqualTo(duration);
        }
    }

    @Test
    void formatIsShort() {
        assertThat(Durations.format(Duration.ofSeconds(5_410))).isEqualTo("1h30m10s");
        assertThat(Durations.format(Duration.ofMinutes(5))).isEqualTo("5m");
        assertThat(Durations.format(Duration.ofNanos(1_500_000))).isEqualTo("1500us");
        assertThat(Durations.format(Duration.ZERO)).isEqualTo("0s");
        assertThat(Durations.format(Duration.ofMillis(-20))).isEqualTo("-20ms");
    }
}
