package terrane.sim.world;

import terrane.core.Randomness;

import java.time.Duration;
import java.util.List;

/// All chance of a world, from its seed (SplitMix64).
public final class Chance implements Randomness {
    private long state;

    public Chance(long seed) {
        this.state = seed;
    }

    @Override
    public long nextLong() {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /// A number from 0 up to and without `bound`.
    public int below(int bound) {
        return (int) Math.floorMod(nextLong() >>> 1, (long) bound);
    }

    public long between(long min, long max) {
        return min + Math.floorMod(nextLong() >>> 1, max - min + 1);
    }

    public Duration between(Duration min, Duration max) {
        return Duration.ofNanos(between(min.toNanos(), max.toNanos()));
    }

    /// True in so many of a million cases.
    public boolean perMillion(int millionths) {
        return millionths > 0 && below(1_000_000) < millionths;
    }

    public boolean percent(int percent) {
        return percent > 0 && below(100) < percent;
    }

    public <T> T pick(List<T> list) {
        return list.get(below(list.size()));
    }
}
