package terrane.datanode.region;

import terrane.core.ProcedureId;
import terrane.core.RegionId;
import terrane.core.WalPartition;
import terrane.datanode.log.PartitionTail;
import terrane.datanode.log.PartitionTails;
import terrane.engine.manifest.Manifest;
import terrane.engine.manifest.ManifestStore;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// Opens copies on this node: at most one of a region at a time.
final class Openings {
    private final Regions regions;
    private final CopyFactory factory;
    private final RegionSource source;
    private final PartitionTails tails;

    /// Those that somebody opens or waits to open: as many as orders are in service at most.
    private final Map<RegionId, Turn> turns = new HashMap<>();

    /// Makes copies of this node.
    interface CopyFactory {
        RegionCopy copy(ProcedureId procedure, Manifest manifest, ManifestStore manifests);
    }

    /// The right to open a region. Close it.
    final class Turn implements AutoCloseable {
        private final RegionId region;
        private final ReentrantLock lock = new ReentrantLock();
        private int users;

        private Turn(RegionId region) {
            this.region = region;
        }

        @Override
        public void close() {
            lock.unlock();
            leave(this);
        }
    }

    Openings(Regions regions, CopyFactory factory, RegionSource source, PartitionTails tails) {
        this.regions = regions;
        this.factory = factory;
        this.source = source;
        this.tails = tails;
    }

    /// Blocks while another opens the region.
    Turn turn(RegionId region) throws InterruptedException {
        var turn = enter(region);
        try {
            turn.lock.lockInterruptibly();
            return turn;
        } catch (InterruptedException e) {
            leave(turn);
            throw e;
        }
    }

    private Turn enter(RegionId region) {
        synchronized (turns) {
            var turn = turns.computeIfAbsent(region, Turn::new);
            turn.users++;
            return turn;
        }
    }

    private void leave(Turn turn) {
        synchronized (turns) {
            turn.users--;
            if (turn.users == 0) {
                turns.remove(turn.region);
            }
        }
    }

    /// How many regions are being opened.
    int count() {
        synchronized (turns) {
            return turns.size();
        }
    }

    RegionSource source() {
        return source;
    }

    PartitionTail tail(WalPartition wal) {
        return tails.tail(wal);
    }

    /// Opens a copy at the latest manifest and has it follow the log. Only in one's turn.
    RegionCopy follow(ProcedureId procedure, RegionId region, WalPartition wal)
            throws InterruptedException {
        var manifests = source.manifests(region);
        var copy = factory.copy(procedure, source.latest(manifests, region), manifests);
        regions.put(copy);
        copy.follow(tails.tail(wal));
        return copy;
    }

    /// A copy at a manifest that this node has claimed. Only in one's turn.
    RegionCopy claimed(ProcedureId procedure, Manifest manifest) {
        return factory.copy(procedure, manifest, source.manifests(manifest.region()));
    }

    /// Has a copy that follows take over what its leader has put into files since.
    ///
    /// @return false if it is behind that, and unchanged
    boolean bringUpToDate(RegionCopy copy) throws InterruptedException {
        return copy.replica().catchUpWith(source.latest(copy.manifests(), copy.region()));
    }
}
