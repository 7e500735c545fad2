package terrane.engine.wal.broker;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.time.Clock;
import terrane.core.time.Threads;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/// A broker in a JVM of its own, started again when it dies. Its process ends when this one does,
/// however that happens, because its standard input ends.
public final class BrokerProcess implements AutoCloseable {
    static final int EXIT_REFUSED = 3;
    static final int EXIT_HUNG = 4;

    /// A broker that stops in order writes what it has within a second or two.
    static final Duration STOP_MAX = Duration.ofSeconds(10);

    /// From the start of the JVM to the first answer: 2 to 4 s, much longer on a busy machine or
    /// with a long log to recover.
    private static final Duration READY_MAX = Duration.ofSeconds(90);

    private static final Duration PROBE_PAUSE = Duration.ofMillis(50);
    private static final Duration PROBE_MAX = Duration.ofSeconds(5);
    private static final Duration RESTART_PAUSE = Duration.ofMillis(200);
    private static final Duration RESTART_PAUSE_MAX = Duration.ofSeconds(5);

    /// Enough for the whole of an error message.
    private static final int LOG_TAIL_CHARS = 2_000;

    private static final System.Logger LOG = System.getLogger(BrokerProcess.class.getName());

    private final BrokerSettings settings;
    private final ChildJvm jvm;
    private final Clock clock;
    private volatile Process process;
    private volatile boolean supervised; // once it has been ready
    private boolean stopping; // guarded by this

    private BrokerProcess(BrokerSettings settings, ChildJvm jvm, Clock clock) {
        this.settings = settings;
        this.jvm = jvm;
        this.clock = clock;
        process = jvm.start();
    }

    /// Starts a broker with this process's own class path, and blocks until it answers.
    ///
    /// @param mainClass a class whose `main` calls [EmbeddedBroker#serve]
    /// @param log what the broker prints is appended here
    /// @throws TerraneException.Rejected if it cannot start, for example because a port is in use
    /// @throws TerraneException.Unavailable if it does not answer in time
    public static BrokerProcess start(
            BrokerSettings settings, String mainClass, Path log, Clock clock)
            throws InterruptedException {
        settings.refusePortsInUse();
        var broker = new BrokerProcess(settings, jvm(settings, mainClass, log), clock);
        try {
            broker.awaitReady();
        } catch (InterruptedException | RuntimeException e) {
            broker.close();
            throw e;
        }
        broker.supervised = true;
        Threads.virtual("broker-supervisor", broker::supervise);
        return broker;
    }

    private static ChildJvm jvm(BrokerSettings settings, String mainClass, Path log) {
        var flags =
                List.of(
                        "-Xms64m",
                        "-Xmx512m",
                        "-XX:ReservedCodeCacheSize=64m",
                        "-Djava.awt.headless=true");
        var arguments = new ArrayList<>(List.of(mainClass));
        arguments.addAll(settings.toArguments());
        return new ChildJvm("terrane-broker", flags, arguments, log);
    }

    /// Blocks until the broker answers, also after it was started again; at most 90 s.
    ///
    /// @throws TerraneException.Rejected if it ended because it may not start
    /// @throws TerraneException.Unavailable if it does not answer
    public void awaitReady() throws InterruptedException {
        long deadlineNanos = clock.nanosAfter(READY_MAX);
        while (!clock.passed(deadlineNanos)) {
            refuseIfOver();
            if (accepts() && BrokerIdentity.of(settings).isPresent() && answers()) {
                return;
            }
            clock.sleep(PROBE_PAUSE);
        }
        throw TerraneException.unavailable(
                ErrorCode.WAL_UNAVAILABLE,
                "broker does not answer: address=%s log: %s",
                settings.address(),
                logTail());
    }

    /// A broker that ended is waited for only if somebody starts it again.
    private void refuseIfOver() {
        var current = process;
        if (current.isAlive()) {
            return;
        }
        if (current.exitValue() == EXIT_REFUSED) {
            throw TerraneException.rejected(
                    ErrorCode.INVALID_ARGUMENT, "broker does not start: %s", logTail());
        }
        if (!supervised) {
            throw TerraneException.unavailable(
                    ErrorCode.WAL_UNAVAILABLE,
                    "broker ended while it started: status=%d log: %s",
                    current.exitValue(),
                    logTail());
        }
    }

    /// Whether anybody listens: proves nothing, but spares Kafka's client, and its log, the wait.
    private boolean accepts() {
        try (var socket = new Socket(settings.host(), settings.port())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /// Whether a broker answers there, and it is ours.
    private boolean answers() throws InterruptedException {
        Map<String, Object> client =
                Map.of(
                        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                        settings.address().toString(),
                        AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG,
                        20,
                        AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                        100,
                        AdminClientConfig.RETRY_BACKOFF_MS_CONFIG,
                        20);
        var admin = Admin.create(client);
        try {
            var cluster = admin.describeCluster();
            var id =
                    clock.get(
                            cluster.clusterId().toCompletionStage().toCompletableFuture(),
                            PROBE_MAX);
            var nodes =
                    clock.get(cluster.nodes().toCompletionStage().toCompletableFuture(), PROBE_MAX);
            return !nodes.isEmpty() && BrokerIdentity.of(settings).equals(Optional.of(id));
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    private String logTail() {
        try {
            var text = Files.readString(jvm.log());
            return text.substring(Math.max(0, text.length() - LOG_TAIL_CHARS)).strip();
        } catch (IOException e) {
            return "no log at " + jvm.log();
        }
    }

    private void supervise() {
        var pause = RESTART_PAUSE;
        try {
            while (true) {
                long startedNanos = clock.nanos();
                int status = process.waitFor();
                if (isStopping()) {
                    return;
                }
                LOG.log(
                        System.Logger.Level.WARNING,
                        "broker ended unexpectedly, starting it again: status={0} log={1}",
                        status,
                        jvm.log());
                boolean stable = clock.nanos() - startedNanos > RESTART_PAUSE_MAX.toNanos();
                pause = stable ? RESTART_PAUSE : min(pause.multipliedBy(2), RESTART_PAUSE_MAX);
                clock.sleep(pause);
                restart();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean isStopping() {
        return stopping;
    }

    private synchronized void restart() {
        if (!stopping) {
            process = jvm.start();
        }
    }

    private static Duration min(Duration first, Duration second) {
        return first.compareTo(second) <= 0 ? first : second;
    }

    /// What clients connect to.
    public Address address() {
        return settings.address();
    }

    /// The process that runs now; another one after a restart.
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /// Stops the broker in order, and by force if that takes too long.
    @Override
    public void close() {
        Process last;
        synchronized (this) {
            stopping = true;
            last = process;
        }
        ChildJvm.end(last, clock, STOP_MAX.plusSeconds(2));
    }
}
