package terrane.engine.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.time.SystemClock;
import terrane.engine.wal.broker.BrokerMain;
import terrane.engine.wal.broker.BrokerProcess;
import terrane.engine.wal.broker.BrokerSettings;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;

/// The contract, and what a broker's death does to appends, against a real broker in a process of
/// its own with fsync per write.
@Timeout(180)
class KafkaWalIT implements WalContract {
    private static final Logger KAFKA = Logger.getLogger("org.apache.kafka");
    private static final SystemClock CLOCK = new SystemClock();
    private static final AtomicInteger TOPICS = new AtomicInteger();

    @TempDir static Path folder;
    private static BrokerProcess broker;
    private static Admin admin;
    private static KafkaWal wal;

    @BeforeAll
    static void start() throws InterruptedException {
        KAFKA.setLevel(Level.SEVERE);
        broker =
                BrokerProcess.start(
                        BrokerSettings.onFreePorts(folder.resolve("data")),
                        BrokerMain.class.getName(),
                        folder.resolve("broker.log"),
                        CLOCK);
        var servers = broker.address().toString();
        admin = Admin.create(Map.of("bootstrap.servers", servers));
        wal = new KafkaWal(new KafkaWalConfig(servers, Map.of(), Duration.ofSeconds(3)), CLOCK);
    }

    @AfterAll
    static void stop() {
        wal.close();
        admin.close(Duration.ZERO);
        broker.close();
    }

    @Override
    public Wal wal() {
        return wal;
    }

    @Override
    public WalPartition freshPartition() {
        var topic = "wal-" + TOPICS.incrementAndGet();
        var settings = Map.of("flush.messages", "1", "max.message.bytes", "8388608");
        done(
                admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(settings)))
                        .all());
        return new WalPartition(topic, 0);
    }

    @Override
    public void prune(WalPartition partition, WalOffset offset) {
        var at = new TopicPartition(partition.topic(), partition.partition());
        done(admin.deleteRecords(Map.of(at, RecordsToDelete.beforeOffset(offset.value()))).all());
    }

    private static void done(org.apache.kafka.common.KafkaFuture<Void> future) {
        try {
            future.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /// Kills the broker and waits until the one that replaces it answers.
    private static void killAndAwait() throws InterruptedException {
        var killed = broker.handle();
        killed.destroyForcibly();
        await().atMost(LONG).until(() -> broker.handle().pid() != killed.pid());
        broker.awaitReady();
    }

    @Test
    void everythingAcknowledgedSurvivesAKillAndNothingIsReadTwice() throws Exception {
        var partition = freshPartition();
        var outcomes = new Outcomes();
        try (var producer = wal.producer(partition)) {
            var killing = Thread.startVirtualThread(() -> broker.handle().destroyForcibly());
            int sent = sendUntilRefused(producer, outcomes);
            outcomes.awaitTold(sent);
            killing.join();
            assertThat(outcomes.landedAndThenUnknown()).isTrue();
        }
        broker.awaitReady();
        long end = awaitEnd(partition);
        try (var reader = wal.reader(partition, WalOffset.ZERO)) {
            var numbers =
                    WalContract.read(reader, (int) end).stream()
                            .map(entry -> Outcomes.number(entry.record()))
                            .toList();
            // In order, without gaps or doubles; behind the acknowledged ones some more may be.
            assertThat(numbers).isEqualTo(IntStream.range(0, (int) end).boxed().toList());
            assertThat(numbers).hasSizeGreaterThanOrEqualTo(outcomes.landed().size());
        }
    }

    /// Goes on through the kill, until the producer has failed.
    private static int sendUntilRefused(Wal.Producer producer, Outcomes outcomes)
            throws InterruptedException {
        int sent = 0;
        long deadlineNanos = CLOCK.nanosAfter(LONG);
        while (!CLOCK.passed(deadlineNanos)) {
            try {
                outcomes.send(producer, 1);
                sent++;
            } catch (TerraneException.Unavailable e) {
                return sent;
            }
            CLOCK.sleep(Duration.ofMillis(1));
        }
        return sent;
    }

    private static long awaitEnd(WalPartition partition) {
        var end = new java.util.concurrent.atomic.AtomicLong();
        await().atMost(LONG)
                .ignoreExceptionsInstanceOf(TerraneException.Unavailable.class)
                .until(() -> {
                    end.set(wal.end(partition).value());
                    return true;
                });
        return end.get();
    }

    @Test
    void failedProducerRefusesForEverAndANewOneGoesOn() throws Exception {
        var partition = freshPartition();
        var outcomes = new Outcomes();
        var producer = wal.producer(partition);
        outcomes.send(producer, 10);
        outcomes.awaitTold(10);
        try (var frozen = new Frozen(broker.handle())) {
            outcomes.send(producer, 10);
            outcomes.awaitTold(20); // the delivery timeout has passed
            assertThat(outcomes.unknown()).isEqualTo(10);
            assertThat(frozen.isFrozen()).isTrue();
        }
        assertThatThrownBy(() -> outcomes.send(producer, 1))
                .isInstanceOf(TerraneException.Unavailable.class)
                .hasMessageContaining("failed");
        awaitEnd(partition);
        try (var next = wal.producer(partition);
                var reader = wal.reader(partition, WalOffset.ZERO)) {
            var later = new Outcomes();
            later.send(next, 5);
            later.awaitTold(5);
            assertThat(later.unknown()).isZero();
            // What was unknown may have landed, in whole or in part, also after the new records.
            var entries = WalContract.read(reader, 15);
            assertThat(entries).hasSizeBetween(15, 25);
        }
        assertThat(outcomes.told()).isEqualTo(20);
    }

    @Test
    void aBatchThatContradictsItsChecksumIsSaidToBeDamagedAndIsReadOnceItIsWhole()
            throws Exception {
        var partition = freshPartition();
        try (var producer = wal.producer(partition)) {
            var outcomes = new Outcomes();
            outcomes.send(producer, 5);
            outcomes.awaitTold(5);
        }
        flipLastByte(partition);
        try (var reader = wal.reader(partition, WalOffset.ZERO)) {
            assertDamaged(reader);
            assertDamaged(reader);
            flipLastByte(partition);
            assertDamaged(reader); // it keeps what it has fetched
        }
        try (var reader = wal.reader(partition, WalOffset.ZERO)) {
            assertThat(WalContract.read(reader, 5)).hasSize(5);
        }
    }

    private static void assertDamaged(Wal.Reader reader) {
        assertThatThrownBy(() -> WalContract.read(reader, 5))
                .isInstanceOfSatisfying(
                        TerraneException.Unavailable.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.WAL_DAMAGED))
                .hasMessageContaining("is invalid");
    }

    /// Under the broker's feet: of the partition's last record.
    private static void flipLastByte(WalPartition partition) throws IOException {
        try (var files = Files.walk(folder)) {
            var segment =
                    files.filter(file -> file.toString().contains("/" + partition + "/"))
                            .filter(file -> file.toString().endsWith(".log"))
                            .findFirst()
                            .orElseThrow();
            try (var bytes = new RandomAccessFile(segment.toFile(), "rw")) {
                long last = bytes.length() - 1;
                bytes.seek(last);
                int flipped = bytes.read() ^ 0xFF;
                bytes.seek(last);
                bytes.write(flipped);
            }
        }
    }

    @Test
    void readerOutlivesTheBroker() throws Exception {
        var partition = freshPartition();
        var outcomes = new Outcomes();
        try (var reader = wal.reader(partition, WalOffset.ZERO)) {
            try (var producer = wal.producer(partition)) {
                outcomes.send(producer, 5);
                outcomes.awaitTold(5);
            }
            assertThat(WalContract.read(reader, 5)).hasSize(5);
            killAndAwait();
            awaitEnd(partition);
            try (var producer = wal.producer(partition)) {
                outcomes.send(producer, 5);
                outcomes.awaitTold(10);
            }
            assertThat(Outcomes.number(WalContract.read(reader, 5).getFirst().record()))
                    .isEqualTo(5);
        }
    }

    /// A process that is stopped, as a machine that hangs would be.
    private record Frozen(ProcessHandle process) implements AutoCloseable {
        Frozen {
            signal(process, "-STOP");
        }

        boolean isFrozen() {
            return process.isAlive();
        }

        @Override
        public void close() {
            signal(process, "-CONT");
        }

        private static void signal(ProcessHandle process, String signal) {
            try {
                var kill = new ProcessBuilder("kill", signal, Long.toString(process.pid()));
                assertThat(kill.inheritIO().start().waitFor()).isZero();
            } catch (java.io.IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
