package terrane.sim.log;

import org.jspecify.annotations.Nullable;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.engine.wal.Wal;
import terrane.sim.world.Cell;
import terrane.sim.world.SimProcess;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/// One producer of one process, as ours behaves on Kafka: ordered, and over with its first failure,
/// after which what was under way lands all the same, or late, or never, each record for itself.
final class SimProducer implements Wal.Producer {
    private static final int IN_FLIGHT_BYTES_MAX = 16 << 20;
    private static final long LATE_MAX_NANOS = Duration.ofSeconds(40).toNanos();
    private static final long SOON_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long AGAIN_NANOS = Duration.ofMillis(50).toNanos();

    private final SimBroker broker;
    private final SimPartition partition;
    private final SimProcess process;
    private final Duration deliveryTimeout;
    private final Deque<Sent> underWay = new ArrayDeque<>(); // not at the broker yet
    private final Deque<Sent> landed = new ArrayDeque<>(); // not acknowledged yet
    private final Deque<Runnable> tellings = new ArrayDeque<>();
    private @Nullable Cell teller;
    private long lastArrivalNanos;
    private long lastAnswerNanos;
    private long bytesInFlight;
    private boolean pumping;
    private boolean over;

    /// One record, from the hand-over to its outcome.
    private static final class Sent {
        final byte[] record;
        final Outcome outcome;
        final long arrivesNanos;
        final long deadlineNanos;
        WalOffset offset = WalOffset.ZERO;

        Sent(byte[] record, Outcome outcome, long arrivesNanos, long deadlineNanos) {
            this.record = record;
            this.outcome = outcome;
            this.arrivesNanos = arrivesNanos;
            this.deadlineNanos = deadlineNanos;
        }
    }

    SimProducer(
            SimBroker broker,
            SimPartition partition,
            SimProcess process,
            Duration deliveryTimeout) {
        this.broker = broker;
        this.partition = partition;
        this.process = process;
        this.deliveryTimeout = deliveryTimeout;
        process.onDeath(() -> {
            broker.faults().zombies += underWay.isEmpty() ? 0 : 1;
            scatter();
        });
        process.spawn("kafka-producer", this::tell);
    }

    @Override
    public void send(byte[] record, Outcome outcome) {
        if (record.length > RECORD_BYTES_MAX) {
            throw TerraneException.rejected(
                    ErrorCode.TOO_LARGE, "record too large: bytes=%d", record.length);
        }
        if (over) {
            throw TerraneException.unavailable(ErrorCode.WAL_UNAVAILABLE, "producer is over");
        }
        if (bytesInFlight + record.length > IN_FLIGHT_BYTES_MAX) {
            throw TerraneException.unavailable(
                    ErrorCode.OVERLOADED, "too many bytes on their way to the log");
        }
        long now = broker.world().nowNanos();
        lastArrivalNanos = Math.max(lastArrivalNanos, now + broker.delayNanos());
        bytesInFlight += record.length;
        underWay.add(
                new Sent(
                        record.clone(),
                        outcome,
                        lastArrivalNanos,
                        now + deliveryTimeout.toNanos()));
        pumpAfter(lastArrivalNanos - now);
        partition.sent(record, process);
    }

    private void pumpAfter(long nanos) {
        if (!pumping) {
            pumping = true;
            broker.world()
                    .after(
                            nanos,
                            () -> {
                                pumping = false;
                                pump();
                            });
        }
    }

    /// Brings to the broker what has arrived there by now.
    private void pump() {
        long now = broker.world().nowNanos();
        while (!over && !process.isDead() && !underWay.isEmpty()) {
            var sent = underWay.getFirst();
            if (sent.arrivesNanos > now) {
                pumpAfter(sent.arrivesNanos - now);
                return;
            }
            if (process.isPaused() || !broker.hears(process)) {
                if (now > sent.deadlineNanos && process.runs()) {
                    fail("delivery timed out");
                    return;
                }
                pumpAfter(AGAIN_NANOS);
                return;
            }
            if (broker.delays(sent.record, process)) {
                long late = broker.world().chance().between(SOON_NANOS, LATE_MAX_NANOS / 2);
                underWay.remove();
                broker.world().after(late, () -> landLate(sent.record));
                tellLater(() -> sent.outcome.unknown(new IllegalStateException("no answer")));
                fail("delivery timed out");
                return;
            }
            underWay.remove();
            sent.offset = partition.append(sent.record, process);
            landed.add(sent);
            lastAnswerNanos = Math.max(lastAnswerNanos, now + broker.delayNanos());
            broker.world().after(lastAnswerNanos - now, this::answer);
        }
    }

    /// The acknowledgement of the first record that has none arrives, if it can.
    private void answer() {
        if (over || process.isDead() || landed.isEmpty()) {
            return;
        }
        var sent = landed.getFirst();
        if (broker.answers(process)) {
            landed.remove();
            bytesInFlight -= sent.record.length;
            tellLater(() -> sent.outcome.landed(sent.offset));
        } else if (broker.world().nowNanos() > sent.deadlineNanos && process.runs()) {
            broker.faults().lostAcknowledgements++;
            fail("acknowledgement timed out");
        } else {
            broker.world().after(AGAIN_NANOS, this::answer);
        }
    }

    private void fail(String why) {
        broker.faults().failedSends++;
        end(new IllegalStateException(why));
    }

    private void end(Exception cause) {
        if (over) {
            return;
        }
        over = true;
        for (var sent : landed) {
            tellLater(() -> sent.outcome.unknown(cause));
        }
        for (var sent : underWay) {
            tellLater(() -> sent.outcome.unknown(cause));
        }
        landed.clear();
        scatter();
        tellLater(() -> {}); // so that the thread sees the end
    }

    /// What is under way when nobody follows it any more: some of it lands, most of it soon.
    private void scatter() {
        var chance = broker.world().chance();
        for (var sent : underWay) {
            if (chance.percent(50)) {
                long soon = chance.between(0, 20_000_000);
                long late = chance.percent(30) ? chance.between(0, LATE_MAX_NANOS) : soon;
                broker.world().after(late, () -> landLate(sent.record));
            }
        }
        underWay.clear();
    }

    private void landLate(byte[] record) {
        if (broker.isAway()) {
            broker.world().after(AGAIN_NANOS, () -> landLate(record));
        } else {
            broker.faults().lateRecords++;
            partition.append(record, process);
        }
    }

    private void tellLater(Runnable telling) {
        tellings.add(telling);
        var waiting = teller;
        if (waiting != null) {
            teller = null;
            waiting.wake();
        }
    }

    /// The producer's own thread.
    private void tell() {
        while (!over || !tellings.isEmpty()) {
            var telling = tellings.poll();
            if (telling != null) {
                telling.run();
            } else {
                var cell = new Cell();
                teller = cell;
                cell.awaitUninterruptibly();
            }
        }
    }

    @Override
    public void close() {
        end(new IllegalStateException("closed"));
    }
}
