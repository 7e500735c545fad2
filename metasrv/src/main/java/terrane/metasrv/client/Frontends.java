package terrane.metasrv.client;

import terrane.core.Incarnation;
import terrane.core.time.Clock;
import terrane.wire.metasrv.ClientRequest.Hello;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/// The frontends that have said hello to this leader, for people: nothing is decided by it.
final class Frontends {
    /// Far more than a cluster has; beyond that newcomers are not shown.
    private static final int FRONTENDS_MAX = 10_000;

    private static final Duration ALIVE = Duration.ofSeconds(15);
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    private final TreeMap<Incarnation, Seen> seen = new TreeMap<>();
    private final Clock clock;

    Frontends(Clock clock) {
        this.clock = clock;
    }

    record Seen(Hello hello, Instant first, Instant last, boolean alive) {}

    synchronized void hello(Hello hello) {
        var now = clock.now();
        seen.values().removeIf(each -> each.last().plus(REMEMBERED).isBefore(now));
        var known = seen.get(hello.incarnation());
        if (known != null || seen.size() < FRONTENDS_MAX) {
            var first = known == null ? now : known.first();
            seen.put(hello.incarnation(), new Seen(hello, first, now, true));
        }
    }

    synchronized List<Seen> all() {
        var now = clock.now();
        return seen.values().stream()
                .map(each ->
                        new Seen(
                                each.hello(),
                                each.first(),
                                each.last(),
                                each.last().plus(ALIVE).isAfter(now)))
                .toList();
    }
}
