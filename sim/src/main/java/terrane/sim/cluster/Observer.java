package terrane.sim.cluster;

import org.jspecify.annotations.Nullable;

import terrane.core.Epoch;
import terrane.core.Node;
import terrane.core.RegionId;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.rows.RowBatch;
import terrane.core.rows.RowBatchCodec;
import terrane.core.wal.ReplayRule;
import terrane.core.wal.WalRecord;
import terrane.core.wal.WalRecordCodec;
import terrane.core.wal.WriteKey;
import terrane.sim.log.SimBroker;
import terrane.sim.world.SimProcess;
import terrane.sim.world.World;
import terrane.wire.datanode.DataRequest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Sees every record land and every acknowledgement arrive, and holds both against the protocol's
/// invariants at that moment.
public final class Observer implements SimBroker.LogObserver {
    private final World world;
    private final Map<RegionId, RegionLog> regions = new LinkedHashMap<>();
    private final List<FenceWatch> waiting = new ArrayList<>();
    private @Nullable ManifestWatch manifests;
    private long acknowledged;

    public Observer(World world) {
        this.world = world;
    }

    /// Has `watch` told of what is pruned.
    void watch(ManifestWatch watch) {
        manifests = watch;
    }

    /// Is told of a fence as it lands.
    interface FenceWatch {
        /// @param by who appended it: its leader, or the one before
        void fenced(WalRecord.Fence fence, SimProcess by);
    }

    /// Has `watch` told of the next fence that takes effect.
    void atNextFence(FenceWatch watch) {
        waiting.add(watch);
    }

    /// Nobody waits for a fence any more.
    void forgetWaiting() {
        waiting.clear();
    }

    /// The log of one region, replayed as it grows.
    private static final class RegionLog {
        ReplayRule rule = new ReplayRule(Epoch.NONE);
        final TreeMap<Long, Landed> records = new TreeMap<>();
        final Map<Epoch, Node> leaders = new LinkedHashMap<>();
        final Map<Epoch, SimProcess> writers = new LinkedHashMap<>();
        final Map<WriteKey, Long> applied = new LinkedHashMap<>();
        final List<WalOffset> unreadable = new ArrayList<>();
        long acknowledged;
    }

    private record Landed(WalRecord record, ReplayRule.Verdict verdict) {}

    @Override
    public void landed(WalPartition partition, WalOffset offset, byte[] bytes, SimProcess by) {
        var record = WalRecordCodec.decode(bytes).record();
        var region = record.header().region();
        var log = regions.computeIfAbsent(region, _ -> new RegionLog());
        var verdict = log.rule.verdict(record);
        log.rule = log.rule.next(record);
        switch (record) {
            case WalRecord.Fence fence -> {
                fenced(region, log, fence);
                if (verdict == ReplayRule.Verdict.FENCE) {
                    tell(fence, by);
                }
            }
            case WalRecord.Rows rows -> {
                wrote(region, log, rows, by);
                if (verdict == ReplayRule.Verdict.APPLY) {
                    applied(region, log, rows, offset);
                }
            }
            case WalRecord.Schema _, WalRecord.Truncate _, WalRecord.WarmUp _ -> {}
        }
        if (!(record instanceof WalRecord.WarmUp)) {
            log.records.put(offset.value(), new Landed(record, verdict));
        }
    }

    private void fenced(RegionId region, RegionLog log, WalRecord.Fence fence) {
        var epoch = fence.header().epoch();
        world.trace().say(world.nowNanos(), "fence " + region + " " + epoch + " " + fence.leader());
        var before = log.leaders.putIfAbsent(epoch, fence.leader());
        // Not by `equals` of nodes, which one of the mutations changes.
        if (before != null && !before.incarnation().equals(fence.leader().incarnation())) {
            world.fail(
                    "two leaders under one epoch: region=%s epoch=%s leaders=%s,%s"
                            .formatted(region, epoch, before, fence.leader()));
        }
    }

    private void tell(WalRecord.Fence fence, SimProcess by) {
        var told = List.copyOf(waiting);
        waiting.clear();
        told.forEach(watch -> watch.fenced(fence, by));
    }

    private void wrote(RegionId region, RegionLog log, WalRecord.Rows rows, SimProcess by) {
        var before = log.writers.putIfAbsent(rows.header().epoch(), by);
        if (before != null && before != by) {
            world.fail(
                    "two processes write under one epoch: region=%s epoch=%s hosts=%s,%s"
                            .formatted(region, rows.header().epoch(), before.host(), by.host()));
        }
    }

    private void applied(RegionId region, RegionLog log, WalRecord.Rows rows, WalOffset offset) {
        if (rows.key().isPresent()) {
            var before = log.applied.putIfAbsent(rows.key().get(), offset.value());
            if (before != null) {
                world.fail(
                        "a write is in the log twice: region=%s key=%s offsets=%d,%s"
                                .formatted(region, rows.key().get(), before, offset));
            }
        }
    }

    @Override
    public void pruned(WalPartition partition, WalOffset below) {
        world.trace().say(world.nowNanos(), "pruned " + partition + " below " + below);
        if (manifests != null) {
            manifests.pruned(partition, below);
        }
    }

    /// A leader has acknowledged a write: its record must be in the log, and must count.
    void acknowledged(DataRequest.Write write, DataRequest.Written written) {
        acknowledged++;
        var log = regions.get(write.region());
        var landed = log == null ? null : log.records.get(written.offset().value());
        if (landed == null
                || landed.verdict != ReplayRule.Verdict.APPLY
                || !(landed.record instanceof WalRecord.Rows rows)
                || !rows.key().equals(write.key())) {
            world.fail(
                    "acknowledged, but not in the region: region=%s epoch=%s offset=%s record=%s"
                            .formatted(
                                    write.region(),
                                    write.epoch(),
                                    written.offset(),
                                    landed == null ? "none" : landed.verdict));
        } else if (log != null) {
            log.acknowledged++;
            checkNothingPassedOver(log, write, written.offset());
        }
    }

    /// A record of the region that nobody can read is in the log.
    void unreadable(RegionId region, WalOffset offset) {
        regions.computeIfAbsent(region, _ -> new RegionLog()).unreadable.add(offset);
    }

    /// Who led before such a record came need not read it. Who fenced behind it must have replayed
    /// up to there, so it was given up, or was in files before.
    private void checkNothingPassedOver(RegionLog log, DataRequest.Write write, WalOffset at) {
        for (var unreadable : log.unreadable) {
            if (unreadable.isBelow(at)
                    && unreadable.isBelow(fenced(log, write.epoch()))
                    && manifests != null
                    && !manifests.passes(write.region(), unreadable)) {
                world.fail(
                        "a record is passed over that nobody gave up: region=%s offset=%s"
                                .formatted(write.region(), unreadable));
            }
        }
    }

    /// Where an epoch took effect.
    private static WalOffset fenced(RegionLog log, Epoch epoch) {
        return log.records.entrySet().stream()
                .filter(entry -> entry.getValue().verdict == ReplayRule.Verdict.FENCE)
                .filter(entry -> entry.getValue().record.header().epoch().equals(epoch))
                .map(entry -> new WalOffset(entry.getKey()))
                .findFirst()
                .orElse(WalOffset.ZERO);
    }

    /// How many writes of a region were acknowledged.
    long acknowledged(RegionId region) {
        return Optional.ofNullable(regions.get(region)).map(log -> log.acknowledged).orElse(0L);
    }

    public long acknowledged() {
        return acknowledged;
    }

    /// The batches that count, in the order of their versions.
    List<RowBatch> batches(RegionId region) {
        var batches = new ArrayList<RowBatch>();
        Optional.ofNullable(regions.get(region))
                .ifPresent(log ->
                        log.records.values().stream()
                                .filter(landed -> landed.verdict == ReplayRule.Verdict.APPLY)
                                .forEach(landed -> {
                                    if (landed.record instanceof WalRecord.Rows rows) {
                                        batches.add(RowBatchCodec.decode(rows.batch()));
                                    }
                                }));
        return batches;
    }

    /// The fence that is in force.
    Optional<WalRecord.Fence> fence(RegionId region) {
        return effective(region, Long.MAX_VALUE);
    }

    /// The epoch that is in force at an offset, by everything below it.
    Epoch inForce(RegionId region, WalOffset at) {
        return effective(region, at.value()).map(f -> f.header().epoch()).orElse(Epoch.NONE);
    }

    private Optional<WalRecord.Fence> effective(RegionId region, long below) {
        var log = regions.get(region);
        if (log == null) {
            return Optional.empty();
        }
        return log.records.headMap(below, false).descendingMap().values().stream()
                .filter(landed -> landed.verdict == ReplayRule.Verdict.FENCE)
                .map(landed -> (WalRecord.Fence) landed.record)
                .findFirst();
    }

    /// The offsets of the rows records below an offset that count.
    SortedSet<Long> counted(RegionId region, WalOffset below) {
        var offsets = new TreeSet<Long>();
        var log = regions.get(region);
        if (log != null) {
            log.records
                    .headMap(below.value())
                    .forEach((offset, landed) -> {
                        if (landed.verdict == ReplayRule.Verdict.APPLY
                                && landed.record instanceof WalRecord.Rows) {
                            offsets.add(offset);
                        }
                    });
        }
        return offsets;
    }

    /// How many epochs took effect.
    public long reigns() {
        return regions.values().stream().mapToLong(log -> log.leaders.size()).sum();
    }
}
