package terrane.frontend.route;

import org.jspecify.annotations.Nullable;

import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.TerraneException.NotLeader;
import terrane.core.TerraneException.Unavailable;
import terrane.core.TerraneException.Uncertain;
import terrane.core.time.Clock;
import terrane.wire.Reply;
import terrane.wire.metasrv.ClientRequest;

import java.time.Duration;
import java.util.List;

/// Asks the metasrv leader, whichever of the configured members that is at the moment.
public final class MetasrvClient {
    private static final Duration PAUSE = Duration.ofMillis(50);

    /// A member that holds a connection and does not answer is given up after this, where the
    /// request itself does not ask for more.
    private static final Duration ATTEMPT_MAX = Duration.ofSeconds(3);

    private final List<Address> members;
    private final Calls calls;
    private final Clock clock;

    /// Whom to ask next: the leader as far as is known. Races are harmless: every value is a member
    /// or was named by one.
    private volatile Address next;

    public MetasrvClient(List<Address> members, Calls calls, Clock clock) {
        this.members = List.copyOf(members);
        this.calls = calls;
        this.clock = clock;
        this.next = this.members.getFirst();
    }

    /// For a request that may be repeated as it is.
    public <R extends Reply> R call(ClientRequest<R> request, Duration atMost)
            throws InterruptedException {
        return call(request, request, atMost);
    }

    /// @param again what to ask once an earlier attempt may have been carried out
    /// @throws TerraneException what the leader answered
    /// @throws Unavailable if there is no leader within that time
    /// @throws Uncertain the same, and an attempt may have been carried out
    public <R extends Reply> R call(
            ClientRequest<R> request, ClientRequest<R> again, Duration atMost)
            throws InterruptedException {
        long deadline = clock.nanosAfter(atMost);
        ClientRequest<R> current = request;
        boolean unknown = false;
        TerraneException last = noLeader(null);
        while (!clock.passed(deadline)) {
            var target = next;
            long began = clock.nanos();
            try {
                return calls.call(target, current, attempt(request, clock.until(deadline)));
            } catch (NotLeader e) {
                last = noLeader(e);
                if (e.metasrv().isPresent() && !e.metasrv().get().equals(target)) {
                    next = e.metasrv().get();
                    // Two members may each take the other for the leader for a moment.
                    clock.sleep(Duration.ofMillis(1));
                    continue;
                }
            } catch (Unavailable e) {
                last = e;
                if (clock.nanos() - began > clock.until(deadline).toNanos()) {
                    break; // it has waited for that itself, and would for longer than is left
                }
            } catch (Uncertain e) {
                last = e;
                current = again;
                unknown = true;
            }
            rotate(target);
            clock.sleep(shorter(PAUSE, clock.until(deadline)));
        }
        throw unknown ? uncertain(last) : last;
    }

    private static Duration attempt(ClientRequest<?> request, Duration remaining) {
        var expected =
                switch (request) {
                    case ClientRequest.WatchCatalog watch -> watch.atMost().plus(ATTEMPT_MAX);
                    case ClientRequest.CreateTable _,
                            ClientRequest.DropTable _,
                            ClientRequest.AddColumns _,
                            ClientRequest.FlushTable _ ->
                            remaining;
                    case ClientRequest.Hello _,
                            ClientRequest.MigrateRegion _,
                            ClientRequest.CancelProcedure _,
                            ClientRequest.ListProcedures _,
                            ClientRequest.ListNodes _,
                            ClientRequest.ListFollowers _,
                            ClientRequest.ListPoisons _,
                            ClientRequest.ReportWriteGap _ ->
                            ATTEMPT_MAX;
                };
        return shorter(expected, remaining);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private void rotate(Address failed) {
        int at = members.indexOf(failed);
        next = members.get((at + 1) % members.size());
    }

    private static Unavailable noLeader(@Nullable NotLeader cause) {
        return new Unavailable(
                ErrorCode.NO_METASRV_LEADER,
                "no metasrv leads at the moment",
                Duration.ofSeconds(1),
                cause);
    }

    private static Uncertain uncertain(TerraneException last) {
        return new Uncertain(
                ErrorCode.OUTCOME_UNKNOWN,
                "no metasrv said whether it was done: " + last.text(),
                last);
    }
}
