package terrane.metasrv.procedure;

import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.Node;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.lease.LeaseLedger;
import terrane.core.time.Clock;
import terrane.core.wal.UnflushedSum;
import terrane.metasrv.node.Orders;
import terrane.wire.Reply;
import terrane.wire.datanode.Order;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Datanodes that follow, lead and hand over as the protocol wants them to, and that note every
/// breach of it. They hold leases as the ledger of `LEASES` says.
public final class FakeDatanodes implements Orders {
    private static final UnflushedSum SUM = new UnflushedSum(3, 30, 42);
    private static final WalOffset FENCE = new WalOffset(100);

    private final LeaseLedger ledger;
    private final Clock clock;
    private final Set<Node> alive = new HashSet<>();
    private final Map<RegionId, Leads> leaders = new HashMap<>();
    private final Map<RegionId, Leads> conditional = new HashMap<>();
    private final Set<Copy> followers = new HashSet<>();
    private final List<Given> given = new ArrayList<>();
    private final List<String> breaches = new ArrayList<>();
    private final Map<Class<?>, Node> refusing = new HashMap<>();
    private final Map<Class<?>, Node> silent = new HashMap<>();
    private Duration appendLatency = Duration.ofMillis(1);
    private long lagRecords;
    private Optional<Order.Poisoned> poison = Optional.empty();

    record Leads(Node node, Epoch epoch) {}

    private record Copy(Node node, RegionId region) {}

    record Given(Node node, Order<?> order) {}

    public FakeDatanodes(LeaseLedger ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    public synchronized void start(Node node) {
        alive.add(node);
        ledger.answered(node, clock.nanos());
    }

    /// It is cut off at once; its leases run out by themselves.
    public synchronized void kill(Node node) {
        alive.remove(node);
    }

    synchronized void refuse(Class<?> order, Node node) {
        refusing.put(order, node);
    }

    /// It carries the order out, but the answer is lost.
    synchronized void loseAnswer(Class<?> order, Node node) {
        silent.put(order, node);
    }

    public synchronized void appendLatency(Duration latency) {
        appendLatency = latency;
    }

    public synchronized void lag(long records) {
        lagRecords = records;
    }

    /// Nobody can read the record there until a claim gives it up.
    public synchronized void poison(WalOffset offset, boolean rows) {
        poison = Optional.of(new Order.Poisoned(Epoch.NONE, offset, rows, "of a later version"));
    }

    synchronized Optional<Leads> leader(RegionId region) {
        return Optional.ofNullable(leaders.get(region));
    }

    synchronized List<String> breaches() {
        return List.copyOf(breaches);
    }

    synchronized List<Given> given() {
        return List.copyOf(given);
    }

    synchronized boolean wasGiven(Node node, Class<?> order) {
        return given.stream().anyMatch(g -> g.node().equals(node) && order.isInstance(g.order()));
    }

    @Override
    public synchronized boolean alive(Node node) {
        return alive.contains(node);
    }

    @Override
    public synchronized void nudge(Node node) {
        if (!alive.contains(node)) {
            return;
        }
        ledger.answered(node, clock.nanos());
        leaders.forEach((region, leads) -> {
            if (leads.node().equals(node)) {
                ledger.grant(region, leads.epoch(), clock.nanos());
            }
        });
    }

    @Override
    @SuppressWarnings("unchecked") // each order is answered with what it is declared with
    public synchronized <R extends Reply> R order(Node node, Order<R> order, Duration atMost) {
        if (!alive.contains(node)) {
            throw TerraneException.unavailable(ErrorCode.UNREACHABLE, "not connected: %s", node);
        }
        if (node.equals(refusing.get(order.getClass()))) {
            throw TerraneException.rejected(ErrorCode.NOT_READY, "will not");
        }
        given.add(new Given(node, order));
        var reply = (R) carryOut(node, order);
        if (node.equals(silent.get(order.getClass()))) {
            throw TerraneException.uncertain(ErrorCode.OUTCOME_UNKNOWN, "answer lost");
        }
        return reply;
    }

    private Reply carryOut(Node node, Order<?> order) {
        return switch (order) {
            case Order.Nudge _, Order.Thaw _, Order.Alter _, Order.Drop _ -> new Reply.Ack();
            case Order.Follow o -> followed(node, o);
            case Order.OpenFollower o -> {
                followers.add(new Copy(node, o.region()));
                yield progress(FENCE);
            }
            case Order.AwaitApplied o -> {
                requireCopy(node, o.region());
                yield progress(o.offset());
            }
            case Order.AskPosition o -> position(node, o.region(), o.epoch());
            case Order.Freeze o -> position(node, o.region(), o.epoch());
            case Order.Flush o -> position(node, o.region(), o.epoch());
            case Order.PrepareToLead o -> {
                requireCopy(node, o.region());
                conditional.put(o.region(), new Leads(node, o.epoch()));
                ledger.grant(o.region(), o.epoch(), clock.nanos());
                yield new Reply.Ack();
            }
            case Order.HandOver o -> handOver(node, o);
            case Order.AwaitLead o -> {
                requireLeads(node, o.region(), o.epoch());
                yield leading(node, o.epoch());
            }
            case Order.Claim o -> claim(node, o);
            case Order.Close o -> {
                close(node, o);
                yield new Reply.Ack();
            }
        };
    }

    /// Whoever leads under a lower epoch, or holds a conditional lease for one, says that it is
    /// final.
    private void close(Node node, Order.Close order) {
        for (var map : List.of(leaders, conditional)) {
            var leads = map.get(order.region());
            if (leads != null
                    && leads.node().equals(node)
                    && order.epoch().isAbove(leads.epoch())) {
                map.remove(order.region());
                ledger.finalized(order.region(), leads.epoch());
            }
        }
        followers.remove(new Copy(node, order.region()));
    }

    private Reply followed(Node node, Order.Follow order) {
        order.regions().forEach(hot -> followers.add(new Copy(node, hot.region())));
        var progress = new Order.Progress(FENCE, FENCE, 7, 1_000);
        return new Order.Followed(
                order.regions().stream()
                        .map(hot -> new Order.HotProgress(hot.region(), progress))
                        .toList());
    }

    private Reply progress(WalOffset offset) {
        var applied = new WalOffset(Math.max(0, offset.value() - lagRecords));
        return new Order.Progress(applied, offset, 7, 1_000);
    }

    private Reply position(Node node, RegionId region, Epoch epoch) {
        requireLeads(node, region, epoch);
        return new Order.Position(FENCE, WalOffset.ZERO, 7, appendLatency);
    }

    private void requireCopy(Node node, RegionId region) {
        if (!followers.contains(new Copy(node, region))) {
            throw TerraneException.rejected(ErrorCode.NOT_READY, "no copy of %s", region);
        }
    }

    private void requireLeads(Node node, RegionId region, Epoch epoch) {
        if (!new Leads(node, epoch).equals(leaders.get(region))) {
            throw TerraneException.rejected(ErrorCode.REGION_ELSEWHERE, "does not lead");
        }
    }

    private Reply handOver(Node node, Order.HandOver order) {
        var successor = new Leads(order.successor().leader(), order.successor().epoch());
        if (!successor.equals(leaders.get(order.region()))) {
            requireLeads(node, order.region(), order.epoch());
            if (successor.equals(conditional.get(order.region()))) {
                lead(order.region(), successor);
            } else {
                breaches.add("fence before the target had a lease");
                leaders.remove(order.region());
            }
            ledger.finalized(order.region(), order.epoch());
        }
        return new Order.HandedOver(order.epoch(), FENCE, 7, "digest", SUM, Duration.ofMillis(1));
    }

    private Reply claim(Node node, Order.Claim order) {
        if (!ledger.lapsed(order.region(), order.epoch(), clock.nanos())) {
            breaches.add("claimed while a lower epoch may be held: " + order);
        }
        if (order.skip().isPresent() && order.skip().equals(poison.map(Order.Poisoned::offset))) {
            poison = Optional.empty();
        }
        if (poison.isPresent()) {
            ledger.finalized(order.region(), order.epoch());
            var found = poison.get();
            return new Order.Poisoned(order.epoch(), found.offset(), found.rows(), found.reason());
        }
        lead(order.region(), new Leads(node, order.epoch()));
        return leading(node, order.epoch());
    }

    private void lead(RegionId region, Leads next) {
        var before = leaders.put(region, next);
        if (before != null && before.epoch().isAbove(next.epoch())) {
            breaches.add("epoch went back: " + before + " to " + next);
        }
        ledger.grant(region, next.epoch(), clock.nanos());
    }

    private static Reply leading(Node node, Epoch epoch) {
        return new Order.Leading(node, epoch, FENCE, 7, "digest", SUM, Optional.of(true), 0);
    }
}
