package terrane.sim.raft;

import org.jspecify.annotations.Nullable;

import terrane.sim.net.Network;
import terrane.sim.world.World;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The Raft group as one object: its log, who leads it in which term, and which members are there.
///
/// A leader is elected when a majority has not heard of one for an election's time. The one before
/// may believe in itself for as long again: what it submits meanwhile has an unknown outcome and is
/// not in the log.
public final class SimRaft {
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final long ELECTION_MIN_NANOS = Duration.ofMillis(300).toNanos();
    private static final long ELECTION_MAX_NANOS = Duration.ofMillis(900).toNanos();

    private final World world;
    private final Network network;
    private final List<String> hosts;
    private final List<byte[]> log = new ArrayList<>();
    private final Map<String, SimCatalogStore> members = new LinkedHashMap<>();
    private @Nullable SimCatalogStore leader;
    private long term;
    private long electionAtNanos;
    private long leaderChanges;
    private long unknownCommits;
    private int unknownPercent;

    /// @param hosts of all members
    public SimRaft(World world, Network network, List<String> hosts) {
        this.world = world;
        this.network = network;
        this.hosts = List.copyOf(hosts);
        world.after(LOOK_EVERY, this::look);
    }

    World world() {
        return world;
    }

    Network network() {
        return network;
    }

    /// So many of a hundred commits take place and are answered with "unknown".
    public void unknown(int percent) {
        unknownPercent = percent;
    }

    boolean answersUnknown() {
        boolean unknown = world.chance().percent(unknownPercent);
        unknownCommits += unknown ? 1 : 0;
        return unknown;
    }

    public long leaderChanges() {
        return leaderChanges;
    }

    public long unknownCommits() {
        return unknownCommits;
    }

    /// Who leads now; null while nobody does.
    public @Nullable SimCatalogStore leader() {
        return leader;
    }

    /// Has somebody else lead, if there is one.
    public void depose() {
        if (leader != null) {
            leader = null;
            electionAtNanos = world.nowNanos() + world.chance().between(1, ELECTION_MAX_NANOS);
        }
    }

    void joined(SimCatalogStore member) {
        members.put(member.host(), member);
    }

    void left(SimCatalogStore member) {
        members.remove(member.host(), member);
        if (leader == member) {
            leaderLost();
        }
    }

    List<byte[]> log() {
        return log;
    }

    /// How many entries are committed.
    public int entries() {
        return log.size();
    }

    long term() {
        return term;
    }

    boolean leads(SimCatalogStore member) {
        return leader == member && hasMajority(member);
    }

    /// Appends and commits, in one moment.
    int append(byte[] change) {
        world.trace().add(change);
        log.add(change);
        members.values().forEach(SimCatalogStore::applyLater);
        return log.size();
    }

    private boolean hasMajority(SimCatalogStore of) {
        int reached = 0;
        for (var host : hosts) {
            var member = members.get(host);
            if (member == of
                    || (member != null
                            && member.runs()
                            && network.reachesBothWays(of.host(), host))) {
                reached++;
            }
        }
        return of.runs() && 2 * reached > hosts.size();
    }

    private void leaderLost() {
        leader = null;
        electionAtNanos =
                world.nowNanos() + world.chance().between(ELECTION_MIN_NANOS, ELECTION_MAX_NANOS);
    }

    /// What heartbeats and election timeouts find out.
    private void look() {
        var current = leader;
        if (current != null && !hasMajority(current)) {
            leaderLost();
        }
        if (leader == null && world.nowNanos() >= electionAtNanos) {
            elect();
        }
        members.values().forEach(SimCatalogStore::look);
        world.after(LOOK_EVERY, this::look);
    }

    private void elect() {
        var fit = members.values().stream().filter(this::hasMajority).toList();
        if (!fit.isEmpty()) {
            var elected = world.chance().pick(fit);
            leader = elected;
            term++;
            leaderChanges++;
            world.trace().say(world.nowNanos(), "raft leader: " + elected.host() + " term " + term);
            elected.elected(term, log.size());
        }
    }
}
