package terrane.sim.table;

import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.bytes.ByteReader;
import terrane.core.wal.WalRecord;
import terrane.core.wal.WalRecordCodec;
import terrane.engine.manifest.RegionObjects;
import terrane.sim.log.SimBroker;
import terrane.sim.net.Network;
import terrane.sim.world.SimProcess;
import terrane.wire.codec.MessageCodec;
import terrane.wire.datanode.Order;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// Sees how far one migration is: by the catalog, by what is said on the network, by the log and by
/// the storage. Disturbs nothing.
final class Scout implements Network.Listener, SimBroker.LogObserver {
    /// How a request and its answer begin, as in `terrane.wire.rpc.Frame`.
    private static final int ASK = 1;

    private static final int ANSWER = 2;

    private final Move move;
    private final String source;
    private final String target;
    private final String manifests;
    private final Set<Moment> reached = EnumSet.noneOf(Moment.class);

    /// What the answer to an order that is under way means.
    private final Map<Asked, Moment> answers = new HashMap<>();

    private int entries;

    private record Asked(String by, String of, long id) {}

    Scout(Move move) {
        this.move = move;
        this.source = move.host(move.source()).name();
        this.target = move.host(move.target()).name();
        this.manifests = new RegionObjects(move.region()).folder() + "manifest/";
        entries = move.cluster().raft().entries();
        move.cluster().network().observe(this);
        move.cluster().broker().observe(this);
        move.cluster().storage().onCreate((name, _) -> created(name));
    }

    /// Whether it has come that far; asked after every step of the world.
    boolean reached(Moment moment) {
        int now = move.cluster().raft().entries();
        if (now != entries) {
            entries = now;
            move.state().ifPresent(this::entered);
        }
        return reached.contains(moment);
    }

    private void entered(String state) {
        var moment =
                switch (state) {
                    case "Opening" -> Moment.OPENING;
                    case "CatchingUp" -> Moment.CATCHING_UP;
                    case "HandingOver" -> Moment.HANDING_OVER;
                    case "Reclaiming" -> Moment.RECLAIMING;
                    case "Completed" -> Moment.COMPLETED;
                    case "RolledBack" -> Moment.ROLLED_BACK;
                    default -> throw new IllegalStateException(state);
                };
        reached.add(moment);
    }

    @Override
    public void sent(String from, String to, byte[] message) {
        if (message[0] != ASK && message[0] != ANSWER) {
            return;
        }
        var in = new ByteReader(message);
        int kind = in.u8();
        long id = in.varint();
        if (kind == ANSWER) {
            var moment = answers.remove(new Asked(to, from, id));
            if (moment != null) {
                reached.add(moment);
            }
        } else if (to.equals(source) || to.equals(target)) {
            asked(new Asked(from, to, id), MessageCodec.decode(in));
        }
    }

    private void asked(Asked asked, Object message) {
        if (asked.of.equals(source)
                && message instanceof Order.Freeze freeze
                && freeze.region().equals(move.region())) {
            answers.put(asked, Moment.FROZEN);
        } else if (asked.of.equals(target)
                && message instanceof Order.PrepareToLead prepare
                && prepare.region().equals(move.region())) {
            answers.put(asked, Moment.PREPARED);
        } else if (asked.of.equals(target)
                && message instanceof Order.AwaitLead lead
                && lead.region().equals(move.region())) {
            answers.put(asked, Moment.TARGET_LEADS);
        }
    }

    @Override
    public void arrived(String from, String to, byte[] message) {
        if (message[0] == ASK && to.equals(target)) {
            var in = new ByteReader(message);
            in.u8();
            in.varint();
            if (MessageCodec.decode(in) instanceof Order.OpenFollower open
                    && open.region().equals(move.region())) {
                reached.add(Moment.TARGET_OPENS);
            }
        }
    }

    @Override
    public void sent(WalPartition partition, byte[] record, SimProcess by) {
        if (isFence(record) && by.host().equals(source) && !reached.contains(Moment.RECLAIMING)) {
            reached.add(Moment.FENCE_SENT);
        }
    }

    @Override
    public void landed(WalPartition partition, WalOffset offset, byte[] record, SimProcess by) {
        if (isFence(record)) {
            reached.add(
                    reached.contains(Moment.CLAIMED) ? Moment.CLAIM_FENCED : Moment.FENCE_LANDED);
        }
    }

    private boolean isFence(byte[] bytes) {
        return WalRecordCodec.decode(bytes).record() instanceof WalRecord.Fence fence
                && fence.header().region().equals(move.region());
    }

    @Override
    public void pruned(WalPartition partition, WalOffset below) {
        // Nothing to see.
    }

    private void created(String name) {
        if (name.startsWith(manifests) && reached.contains(Moment.RECLAIMING)) {
            reached.add(Moment.CLAIMED);
        }
    }
}
