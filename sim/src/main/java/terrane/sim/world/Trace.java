package terrane.sim.world;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/// What has happened, as one number that two runs can be compared by, and the last of it in words.
public final class Trace {
    private static final int WORDS_MAX = 4_000;

    private final Deque<String> words = new ArrayDeque<>();
    private long hash = 1;
    private long count;

    void add(long what, long when) {
        mix(what);
        mix(when);
    }

    /// Notes something worth telling to whoever looks into a failure.
    public void say(long nanos, String what) {
        mix(what.hashCode());
        words.add(String.format(Locale.ROOT, "%11.6f %s", nanos / 1e9, what));
        if (words.size() > WORDS_MAX) {
            words.remove();
        }
    }

    /// Mixes bytes that went from one to another.
    public void add(byte[] bytes) {
        mix(java.util.Arrays.hashCode(bytes));
    }

    private void mix(long value) {
        hash = (hash ^ value) * 0x9E3779B97F4A7C15L;
        hash ^= hash >>> 29;
        count++;
    }

    /// The same for the same seed, always.
    public String digest() {
        return "%016x-%d".formatted(hash, count);
    }

    public List<String> words() {
        return List.copyOf(words);
    }
}
