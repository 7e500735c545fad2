package terrane.core;

import java.util.UUID;

/// Where random bits come from, so that a simulation can decide them by its seed.
public interface Randomness {
    long nextLong();

    /// @return a version 4 UUID of 122 random bits
    default UUID nextUuid() {
        long high = (nextLong() & ~0xF000L) | 0x4000L;
        long low = (nextLong() & ~0xC000000000000000L) | 0x8000000000000000L;
        return new UUID(high, low);
    }

    /// The operating system's own source; safe for ids that must never collide.
    static Randomness system() {
        var secure = new java.security.SecureRandom();
        return secure::nextLong;
    }
}
