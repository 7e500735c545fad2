package terrane.frontend.write;

import org.jspecify.annotations.Nullable;

import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.TerraneException.NotLeader;
import terrane.core.TerraneException.Rejected;
import terrane.core.TerraneException.Unavailable;
import terrane.core.TerraneException.Uncertain;
import terrane.core.WalOffset;
import terrane.core.catalog.Route;
import terrane.core.time.Clock;
import terrane.core.wal.WriteKey;
import terrane.frontend.route.Calls;
import terrane.frontend.route.CatalogCache;
import terrane.wire.datanode.DataRequest.Describe;
import terrane.wire.datanode.DataRequest.Write;
import terrane.wire.datanode.DataRequest.Written;
import terrane.wire.metasrv.PoisonReport;

import java.time.Duration;
import java.util.Optional;

/// Brings one part into its region's log, under one key, whoever leads meanwhile. For one thread,
/// once.
final class PartSender {
    /// Redirects that are followed at once. More than two are never needed for one change of
    /// leader; beyond this somebody is wrong, and each further one waits like any other failure.
    static final int REDIRECTS_MAX = 16;

    /// A leader that does not answer is asked again after this: long beside an append, short beside
    /// the deadline.
    private static final Duration ATTEMPT_MAX = Duration.ofSeconds(3);

    /// No further attempt is begun with less time than this, or a sixteenth of all the time that
    /// there is: it would be given up before it can be answered, and make uncertain what was only
    /// ever refused.
    private static final Duration ROOM = Duration.ofMillis(500);

    private static final String NOBODY =
            "no leader is known; if that lasts, the metasrv says why: terrane procedure list, and"
                    + " /admin/quarantine";

    private static final Duration PAUSE_MIN = Duration.ofMillis(2);
    private static final Duration PAUSE_MAX = Duration.ofMillis(250);

    /// What all parts of all requests share.
    record World(CatalogCache cache, Calls calls, Clock clock, WriteMeters meters) {}

    private final World world;
    private final Part part;
    private final WriteKey key;
    private final boolean ofClient;
    private final RegionTraffic traffic;
    private final long deadlineNanos;
    private final Duration room;

    private Optional<WalOffset> since = Optional.empty();
    private int redirects;
    private int attempts;
    private Duration pause = PAUSE_MIN;

    /// Whether an attempt may have been carried out without our knowing.
    private boolean unknown;

    private @Nullable TerraneException last;

    /// Whether the time is over.
    private boolean over;

    PartSender(
            World world,
            Part part,
            WriteKeys.RequestKeys keys,
            RegionTraffic traffic,
            long deadlineNanos) {
        this.world = world;
        this.part = part;
        this.key = keys.part(part.number());
        this.ofClient = keys.ofClient();
        this.traffic = traffic;
        this.deadlineNanos = deadlineNanos;
        var share = world.clock().until(deadlineNanos).dividedBy(16);
        this.room = share.compareTo(ROOM) < 0 ? share : ROOM;
    }

    /// Blocks until the part is in the log.
    ///
    /// @return the epoch under which its leader acknowledged it
    /// @throws Rejected if it was not written and never can be
    /// @throws Unavailable if it was surely not written in time
    /// @throws Uncertain if it may have been written
    Epoch send() throws InterruptedException {
        var sent = traffic.gaps.sent(world.clock().nanos());
        boolean done = false;
        try {
            long began = world.clock().nanos();
            var under = sendUntilWritten();
            long now = world.clock().nanos();
            traffic.gaps.acknowledged(sent, under, attempts == 1, now);
            world.meters().written(part.rowCount(), now - began);
            done = true;
            return under;
        } finally {
            if (!done) {
                traffic.gaps.failed(sent);
                world.meters().failed();
            }
        }
    }

    /// @return the epoch under which it was acknowledged
    private Epoch sendUntilWritten() throws InterruptedException {
        while (true) {
            var epoch = Epoch.NONE;
            try {
                var known = awaitLeader();
                epoch = known.epoch();
                write(known.epoch(), known.leader());
                return epoch;
            } catch (NotLeader e) {
                redirected(epoch, e);
            } catch (Unavailable e) {
                failed(e);
                pause(epoch, e.retryAfter());
            } catch (Uncertain e) {
                unknown = true;
                failed(e);
                pause(epoch, pause);
            } catch (Rejected e) {
                refused(epoch, e);
            }
        }
    }

    private record Known(Epoch epoch, Route.Leader leader) {}

    private Known awaitLeader() throws InterruptedException {
        while (true) {
            var known = world.cache().leader(part.region());
            if (known.isEmpty()) {
                throw TerraneException.rejected(
                        ErrorCode.TABLE_NOT_FOUND,
                        "table '%s' does not exist any more",
                        part.table());
            }
            var leader = known.get().leader();
            if (leader.isPresent()) {
                return new Known(known.get().epoch(), leader.get());
            }
            checkDeadline();
            var below = new Epoch(Math.max(0, known.get().epoch().value() - 1));
            world.cache().awaitLeaderAbove(part.region(), below, remaining(ATTEMPT_MAX));
        }
    }

    private void write(Epoch epoch, Route.Leader leader) throws InterruptedException {
        checkDeadline();
        if (!ofClient && since.isEmpty()) {
            since = Optional.of(offsetNow(leader));
        }
        var left = remaining(ATTEMPT_MAX);
        if (attempts > 0 && left.compareTo(room) < 0) {
            throw tooLate();
        }
        if (attempts > 0) {
            world.meters().repeated();
        }
        attempts++;
        var request =
                new Write(
                        part.region(),
                        epoch,
                        leader.node().incarnation(),
                        Optional.of(key),
                        since,
                        part.schemaVersion(),
                        part.batch());
        Written written = world.calls().call(leader.address(), request, left);
        traffic.advance(written.end());
        written.successor().ifPresent(world.cache()::learn);
    }

    /// The region's offset as this frontend knows it when the key is first used; asked for once.
    private WalOffset offsetNow(Route.Leader leader) throws InterruptedException {
        var known = traffic.end();
        if (known.isPresent()) {
            return known.get();
        }
        try {
            var question = new Describe(part.region());
            var said = world.calls().call(leader.address(), question, remaining(ATTEMPT_MAX));
            traffic.advance(said.applied());
            return said.applied();
        } catch (Uncertain e) {
            // A question that was lost has changed nothing.
            throw new Unavailable(e.code(), e.text(), pause, e);
        }
    }

    private void redirected(Epoch epoch, NotLeader e) throws InterruptedException {
        last = e;
        world.meters().redirected();
        e.hint().ifPresent(world.cache()::learn);
        boolean newer =
                world.cache()
                        .leader(part.region())
                        .filter(known -> known.epoch().isAbove(epoch))
                        .isPresent();
        if (!newer || ++redirects > REDIRECTS_MAX) {
            pause(epoch, pause);
        }
    }

    private void failed(TerraneException e) {
        if (over) {
            throw e; // which names the last failure already
        }
        last = e;
    }

    /// Waits for a leader of a later epoch, or until it is time to ask the same one again.
    private void pause(Epoch epoch, Duration atLeast) throws InterruptedException {
        checkDeadline();
        var wait = atLeast.compareTo(pause) > 0 ? atLeast : pause;
        if (redirects > REDIRECTS_MAX) {
            world.clock().sleep(remaining(wait));
        } else {
            world.cache().awaitLeaderAbove(part.region(), epoch, remaining(wait));
        }
        var doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(PAUSE_MAX) < 0 ? doubled : PAUSE_MAX;
    }

    private void refused(Epoch epoch, Rejected e) throws InterruptedException {
        switch (e.code()) {
            case REGION_NOT_FOUND -> {
                // The copy that we took for the leader is closed; whether the table is still there
                // is another question, which the next look into the cache answers.
                failed(e);
                pause(epoch, pause);
            }
            case KEY_FORGOTTEN -> keyForgotten(e);
            default -> throw refusal(e);
        }
    }

    /// The leader has not written it now, and cannot tell whether an earlier attempt was. As long
    /// as no attempt of ours can have landed, it is only the offset that is too old, because others
    /// have written so much since; then a new one is as good.
    private void keyForgotten(Rejected e) {
        if (unknown || ofClient || ++redirects > REDIRECTS_MAX) {
            throw refusal(e);
        }
        last = e;
        traffic.forgetEnd();
        since = Optional.empty();
    }

    /// What a refusal means for the whole part.
    private TerraneException refusal(Rejected e) {
        return unknown
                ? new Uncertain(
                        ErrorCode.OUTCOME_UNKNOWN,
                        "refused now, but an earlier attempt may be written: " + e.text(),
                        e)
                : e;
    }

    private Duration remaining(Duration atMost) {
        var left = world.clock().until(deadlineNanos);
        return left.compareTo(atMost) < 0 ? left : atMost;
    }

    private void checkDeadline() {
        if (world.clock().passed(deadlineNanos)) {
            throw tooLate();
        }
    }

    private TerraneException tooLate() {
        over = true;
        var cause = last;
        var why =
                world.cache()
                        .poison(part.region())
                        .map(PoisonReport::refusal)
                        .orElse(cause == null ? NOBODY : cause.text());
        if (unknown) {
            return new Uncertain(
                    ErrorCode.OUTCOME_UNKNOWN,
                    "no leader of region %s said whether it was written: %s"
                            .formatted(part.region(), why),
                    cause);
        }
        return new Unavailable(
                ErrorCode.TIMED_OUT,
                "no leader of region %s took it in time: %s".formatted(part.region(), why),
                Duration.ofSeconds(1),
                cause);
    }
}
