package terrane.datanode.region;

import terrane.core.Epoch;
import terrane.core.LeaderHint;
import terrane.core.WalOffset;
import terrane.core.catalog.TableSchema;
import terrane.core.rows.RowBatch;
import terrane.core.time.Clock;
import terrane.core.wal.UnflushedSum;
import terrane.core.wal.WalRecord;
import terrane.core.wal.WalRecordCodec;
import terrane.core.wal.WriteKey;
import terrane.datanode.log.ProducerLane;
import terrane.engine.wal.Wal;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a leading copy has given to its producer under one epoch, in order. Guarded by the copy's
/// lock.
final class Appender {
    private final RegionIdentity identity;
    private final Epoch epoch;
    private final ProducerLane lane;
    private final RegionThread thread;
    private final Clock clock;
    private final Optional<Holds> readBacks;
    private final Map<WalRecord.Header, Append> inFlight = new LinkedHashMap<>();
    private final Map<WriteKey, Append> keysInFlight = new HashMap<>();
    private final AppendLatency latency = new AppendLatency();
    private UnflushedSum admitted;

    /// The fence of the epoch had number 1, whoever appended it.
    private long lastNumber = 1;

    /// @param unflushed the sum over what is applied and not flushed at the epoch's fence
    /// @param readBacks bounds the rows in flight, if these are read back: the producer bounds only
    ///   what has not landed
    Appender(
            RegionIdentity identity,
            Epoch epoch,
            ProducerLane lane,
            RegionThread thread,
            Clock clock,
            UnflushedSum unflushed,
            Optional<Holds> readBacks) {
        this.identity = identity;
        this.epoch = epoch;
        this.lane = lane;
        this.thread = thread;
        this.clock = clock;
        this.admitted = unflushed;
        this.readBacks = readBacks;
    }

    Append rows(Optional<WriteKey> key, int schemaVersion, byte[] bytes, RowBatch batch) {
        var record = new WalRecord.Rows(nextHeader(), schemaVersion, key, bytes);
        var append = sendBounded(new Append(record, Optional.of(batch), clock.nanos()));
        key.ifPresent(k -> keysInFlight.put(k, append));
        admitted = admitted.plus(UnflushedSum.of(record, batch.rowCount()));
        return append;
    }

    Append schema(TableSchema schema) {
        var record = new WalRecord.Schema(nextHeader(), schema);
        return send(new Append(record, Optional.empty(), clock.nanos()));
    }

    /// The fence of the successor's epoch, behind everything that was sent before.
    Append fence(LeaderHint successor, long manifestVersion) {
        var header = new WalRecord.Header(identity.region(), successor.epoch(), 1);
        var record =
                new WalRecord.Fence(
                        header, successor.leader(), manifestVersion, Optional.of(admitted));
        return send(new Append(record, Optional.empty(), clock.nanos()));
    }

    private WalRecord.Header nextHeader() {
        return new WalRecord.Header(identity.region(), epoch, lastNumber + 1);
    }

    private Append sendBounded(Append append) {
        readBacks.ifPresent(bound -> bound.enter(waitingBytes(append)));
        try {
            return send(append);
        } catch (RuntimeException e) {
            left(append);
            throw e;
        }
    }

    private void left(Append append) {
        readBacks.ifPresent(bound -> bound.leave(waitingBytes(append)));
    }

    private static long waitingBytes(Append append) {
        return append.record() instanceof WalRecord.Rows rows ? rows.batch().length : 0;
    }

    private Append send(Append append) {
        lane.send(
                WalRecordCodec.encode(identity.cluster(), append.record()),
                new Wal.Producer.Outcome() {
                    @Override
                    public void landed(WalOffset offset) {
                        thread.tell(new RegionEvent.Landed(append, offset));
                    }

                    @Override
                    public void unknown(Exception cause) {
                        thread.tell(new RegionEvent.Lost(String.valueOf(cause.getMessage())));
                    }
                });
        lastNumber++;
        inFlight.put(append.record().header(), append);
        return append;
    }

    Optional<Append> inFlight(WriteKey key) {
        return Optional.ofNullable(keysInFlight.get(key));
    }

    /// What has been sent and is not settled, by what the log says of it.
    Optional<Append> inFlight(WalRecord.Header header) {
        return Optional.ofNullable(inFlight.get(header));
    }

    boolean isIdle() {
        return inFlight.isEmpty();
    }

    /// The record has landed and is applied.
    void settled(Append append) {
        if (inFlight.remove(append.record().header()) == null) {
            return; // abandoned before
        }
        left(append);
        latency.add(clock.nanos() - append.sentNanos());
        if (append.record() instanceof WalRecord.Rows rows) {
            rows.key().ifPresent(keysInFlight::remove);
        }
    }

    /// Everything whose outcome nobody will learn; nothing is in flight afterwards.
    List<Append> abandon() {
        var abandoned = List.copyOf(inFlight.values());
        abandoned.forEach(this::left);
        inFlight.clear();
        keysInFlight.clear();
        return abandoned;
    }

    /// Some of what was admitted is in files now.
    void flushed(UnflushedSum sum) {
        admitted = admitted.minus(sum);
    }

    /// A recent median from send to acknowledgement; zero without writes.
    Duration latency() {
        return latency.median();
    }
}
