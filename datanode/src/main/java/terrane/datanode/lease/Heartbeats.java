package terrane.datanode.lease;

import org.jspecify.annotations.Nullable;

import terrane.core.ErrorCode;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.lease.LeaseTerms;
import terrane.core.time.Clock;
import terrane.core.time.PlatformThreads;
import terrane.wire.metasrv.NodeRequest;
import terrane.wire.metasrv.NodeRequest.Flushed;
import terrane.wire.metasrv.NodeRequest.Unreadable;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/// Sends a heartbeat every sixth of the lease, and at once when nudged, on a platform thread of its
/// own: whatever else this process is busy with, leases are renewed.
public final class Heartbeats implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Heartbeats.class.getName());

    /// Between tries while no metasrv leads.
    private static final Duration RECONNECT = Duration.ofMillis(100);

    private final MetasrvSession session;
    private final LeaseTable leases;
    private final NodeReport report;
    private final Clock clock;
    private final LeaseTerms terms;
    private final BlockingQueue<Boolean> nudges = new ArrayBlockingQueue<>(1);
    private final Map<RegionId, Flushed> reported = new HashMap<>();
    private long number;
    private long session0;
    private @Nullable ErrorCode complaint;
    private volatile boolean closed;

    /// Falls when this incarnation may never lead anything again.
    private final CountDownLatch over = new CountDownLatch(1);

    private volatile TerraneException.@Nullable Rejected replaced;

    /// What a heartbeat says besides leases.
    public interface NodeReport {
        /// The regions that this node leads, each as it is now.
        List<Flushed> regions();

        /// Records that copies here have stopped at.
        List<Unreadable> unreadable();

        NodeRequest.Load load();
    }

    public Heartbeats(
            MetasrvSession session,
            LeaseTable leases,
            NodeReport report,
            Clock clock,
            LeaseTerms terms) {
        this.session = session;
        this.leases = leases;
        this.report = report;
        this.clock = clock;
        this.terms = terms;
    }

    public void start(PlatformThreads threads) {
        session0 = session.sessions();
        leases.nudgedBy(() -> nudges.offer(true));
        threads.start("heartbeats", this::run);
    }

    private void run() {
        try {
            while (!closed && replaced == null) {
                beatOrReconnect();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void beatOrReconnect() throws InterruptedException {
        try {
            if (!session.isOpen()) {
                session.connect();
            }
            beat();
            complaint = null;
            clock.poll(nudges, terms.heartbeatInterval());
        } catch (TerraneException.Rejected e) {
            session.close();
            if (e.code() == ErrorCode.PEER_UNFIT) {
                end(e);
            } else {
                complain(e);
                clock.sleep(RECONNECT);
            }
        } catch (TerraneException e) {
            complain(e);
            session.close();
            clock.sleep(RECONNECT);
        } catch (RuntimeException e) {
            // Without this thread the node would hold no lease ever again, and not say so.
            LOG.log(Level.ERROR, "heartbeat failed unexpectedly, is tried again", e);
            session.close();
            clock.sleep(RECONNECT);
        }
    }

    /// Ten times a second the same would be no news.
    private void complain(TerraneException e) {
        var level = e.code() == complaint ? Level.DEBUG : Level.WARNING;
        complaint = e.code();
        LOG.log(level, "heartbeat failed, is tried again: {0}", e.getMessage());
    }

    /// Another process has this node's id: nothing that this one does will ever count.
    private void end(TerraneException.Rejected e) {
        LOG.log(Level.ERROR, "no more heartbeats, this datanode is over: {0}", e.text());
        replaced = e;
        over.countDown();
    }

    /// Blocks until the metasrv has said that this incarnation may never lead again.
    ///
    /// @return what it said
    public TerraneException.Rejected awaitReplaced() throws InterruptedException {
        over.await();
        return Objects.requireNonNull(replaced);
    }

    private void beat() throws InterruptedException {
        if (session.sessions() != session0) {
            session0 = session.sessions();
            leases.newSession();
            reported.clear();
        }
        var draft = leases.draft();
        var leading = report.regions();
        reported.keySet()
                .retainAll(leading.stream().map(Flushed::region).collect(Collectors.toSet()));
        var flushed = leading.stream().filter(this::isNews).toList();
        var heartbeat =
                new NodeRequest.Heartbeat(
                        session.node(),
                        ++number,
                        draft.baseVersion(),
                        draft.setVersion(),
                        draft.added(),
                        draft.removed(),
                        draft.finals(),
                        flushed,
                        report.unreadable(),
                        report.load());
        long sentNanos = clock.nanos(); // a lease counts from here
        try (var answer = session.ask(heartbeat, patience())) {
            if (!answer.arrives(patience()) && session.moveOn()) {
                nudges.offer(true); // the first heartbeat to another leader goes at once
                return;
            }
            var granted = answer.within(patience());
            leases.answered(draft, granted, sentNanos, terms.duration());
            flushed.forEach(f -> reported.put(f.region(), f));
            if (!granted.matched()) {
                nudges.offer(true);
            }
        }
    }

    /// After a third of a lease of silence another leader is looked for, while the answer may still
    /// come: a metasrv that is slow would only be slower if every node registered again. After two
    /// thirds the connection itself is given up.
    private Duration patience() {
        return terms.duration().dividedBy(3);
    }

    private boolean isNews(Flushed now) {
        return !now.equals(reported.get(now.region()));
    }

    @Override
    public void close() {
        closed = true;
        nudges.offer(true);
    }
}
