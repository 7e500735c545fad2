package terrane.cli.demo;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// What the writers of one table have seen.
final class Tally {
    private final AtomicLong rows = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();

    void acknowledged(long count) {
        rows.addAndGet(count);
    }

    void failed(String reason) {
        failures.incrementAndGet();
        failure.compareAndSet(null, reason);
    }

    long rows() {
        return rows.get();
    }

    long failures() {
        return failures.get();
    }

    /// Why the first of them failed.
    Optional<String> failure() {
        return Optional.ofNullable(failure.get());
    }
}
