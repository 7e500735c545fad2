package terrane.sim.log;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.engine.wal.Wal;
import terrane.sim.world.Cell;
import terrane.sim.world.SimProcess;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The log as one simulated process has it.
public final class SimWal implements Wal {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);

    private final SimBroker broker;
    private final SimProcess process;
    private final Duration deliveryTimeout;
    private boolean closed;

    /// @param deliveryTimeout how long a record is tried before its outcome is unknown
    public SimWal(SimBroker broker, SimProcess process, Duration deliveryTimeout) {
        this.broker = broker;
        this.process = process;
        this.deliveryTimeout = deliveryTimeout;
    }

    @Override
    public Producer producer(WalPartition partition) {
        try {
            ask();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TerraneException.Unavailable(
                    ErrorCode.SHUTTING_DOWN, "interrupted", Duration.ZERO, e);
        }
        return new SimProducer(broker, broker.partition(partition), process, deliveryTimeout);
    }

    @Override
    public Reader reader(WalPartition partition, WalOffset from) {
        return new SimReader(broker, broker.partition(partition), process, from);
    }

    @Override
    public WalOffset end(WalPartition partition) throws InterruptedException {
        var answer = new ArrayList<WalOffset>();
        ask(() -> answer.add(broker.partition(partition).end()));
        return answer.getFirst();
    }

    @Override
    public String topicId(String topic) throws InterruptedException {
        ask();
        if (!broker.has(new WalPartition(topic, 0))) {
            throw TerraneException.unavailable(ErrorCode.WAL_UNAVAILABLE, "no topic %s", topic);
        }
        return "id-of-" + topic;
    }

    private void ask() throws InterruptedException {
        ask(() -> {});
    }

    /// One question to the brokers, which is repeated while they do not answer.
    private void ask(Runnable looks) throws InterruptedException {
        long deadline = process.clock().nanosAfter(ANSWER_MAX);
        while (!closed) {
            if (once(looks)) {
                return;
            }
            if (process.clock().passed(deadline)) {
                break;
            }
            process.clock().sleep(Duration.ofMillis(100));
        }
        throw TerraneException.unavailable(
                closed ? ErrorCode.SHUTTING_DOWN : ErrorCode.WAL_UNAVAILABLE, "no answer");
    }

    private boolean once(Runnable looks) throws InterruptedException {
        var cell = new Cell();
        List<Boolean> answered = new ArrayList<>();
        broker.world()
                .after(
                        broker.delayNanos(),
                        () -> {
                            if (broker.hears(process) && answered.isEmpty() && !cell.isWoken()) {
                                looks.run();
                                answered.add(true);
                            }
                            broker.world().after(broker.delayNanos(), cell::wake);
                        });
        cell.await();
        return !answered.isEmpty() && broker.answers(process);
    }

    @Override
    public void close() {
        closed = true;
    }
}
