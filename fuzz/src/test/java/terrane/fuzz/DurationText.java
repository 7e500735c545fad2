package terrane.fuzz;

import terrane.core.time.Durations;

import java.nio.charset.StandardCharsets;

/// Durations in humantime's notation: what was read is written and read again.
final class DurationText {
    private DurationText() {}

    static void read(byte[] input) {
        var text = new String(input, StandardCharsets.UTF_8);
        var duration = Durations.parse("replay_timeout", text);
        var written = Durations.format(duration);
        if (!Durations.parse("replay_timeout", written).equals(duration)) {
            throw new AssertionError("%s became %s".formatted(duration, written));
        }
    }
}
