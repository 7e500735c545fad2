package terrane.engine.wal.broker;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.Randomness;
import terrane.core.TerraneException;
import terrane.core.time.SystemClock;
import terrane.core.time.Threads;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;

/// A broker in this process: one KRaft node that is broker and controller. It ends the process on a
/// fatal fault, so it should have one to itself: see [#serve] and [BrokerProcess].
public final class EmbeddedBroker implements AutoCloseable {
    private static final String NODE_ID = "1";

    /// Twice the largest record of the log, so that no batch of ours ever stalls.
    private static final int MESSAGE_BYTES_MAX = 8 << 20;

    /// Topics of ours are not compacted; the default of 128 MiB would be most of the heap.
    private static final int DEDUPE_BUFFER_BYTES = 4 << 20;

    /// A logger is forgotten, with its level, unless somebody holds it.
    private static final Logger ROOT = Logger.getLogger("");

    private final KafkaRaftServer server;
    private final BrokerSettings settings;
    private final DirectoryLock lock;

    private EmbeddedBroker(KafkaRaftServer server, BrokerSettings settings, DirectoryLock lock) {
        this.server = server;
        this.settings = settings;
        this.lock = lock;
    }

    /// Formats the directory if that has not been done, and starts. Clients are served a moment
    /// later.
    ///
    /// @throws TerraneException.Rejected if a port or the directory is in use
    public static EmbeddedBroker start(BrokerSettings settings) {
        settings.refusePortsInUse();
        try {
            var lock = DirectoryLock.of(settings.directory());
            try {
                return new EmbeddedBroker(startServer(settings), settings, lock);
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException | KafkaException e) {
            throw new TerraneException.Rejected(
                    ErrorCode.INVALID_ARGUMENT,
                    "broker does not start: directory=%s cause=%s"
                            .formatted(settings.directory(), e.getMessage()),
                    e);
        }
    }

    private static KafkaRaftServer startServer(BrokerSettings settings) throws IOException {
        var properties = properties(settings);
        format(settings, properties);
        var server = new KafkaRaftServer(KafkaConfig.fromProps(properties, false), Time.SYSTEM);
        server.startup();
        return server;
    }

    private static Properties properties(BrokerSettings settings) {
        var kafka = new Properties();
        quorum(kafka, settings);
        retention(kafka);
        size(kafka);
        return kafka;
    }

    private static void quorum(Properties kafka, BrokerSettings settings) {
        var clients = "PLAINTEXT://" + settings.address();
        var controller = settings.host() + ":" + settings.controllerPort();
        kafka.put("process.roles", "broker,controller");
        kafka.put("node.id", NODE_ID);
        kafka.put("controller.quorum.voters", NODE_ID + "@" + controller);
        kafka.put("listeners", clients + ",CONTROLLER://" + controller);
        kafka.put("advertised.listeners", clients);
        kafka.put("controller.listener.names", "CONTROLLER");
        kafka.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        kafka.put("inter.broker.listener.name", "PLAINTEXT");
        kafka.put("log.dirs", settings.directory().toAbsolutePath().toString());
        // A broker that was killed comes back when its old session is over: by default 14 s.
        kafka.put("broker.session.timeout.ms", "1500");
        kafka.put("broker.heartbeat.interval.ms", "500");
    }

    private static void retention(Properties kafka) {
        kafka.put("log.retention.ms", "-1");
        kafka.put("log.retention.bytes", "-1");
        kafka.put("auto.create.topics.enable", "false");
        kafka.put("default.replication.factor", "1");
        kafka.put("min.insync.replicas", "1");
        kafka.put("unclean.leader.election.enable", "false");
        for (var internal : List.of("offsets.topic", "transaction.state.log")) {
            kafka.put(internal + ".replication.factor", "1");
            kafka.put(internal + ".num.partitions", "1");
        }
        kafka.put("transaction.state.log.min.isr", "1");
        kafka.put("share.coordinator.state.topic.replication.factor", "1");
        kafka.put("share.coordinator.state.topic.min.isr", "1");
    }

    /// For one machine, on which everything else runs too.
    private static void size(Properties kafka) {
        kafka.put("message.max.bytes", Integer.toString(MESSAGE_BYTES_MAX));
        kafka.put("replica.fetch.max.bytes", Integer.toString(MESSAGE_BYTES_MAX));
        kafka.put("log.cleaner.dedupe.buffer.size", Integer.toString(DEDUPE_BUFFER_BYTES));
        kafka.put("num.network.threads", "2");
        kafka.put("num.io.threads", "4");
        kafka.put("background.threads", "2");
        kafka.put("num.recovery.threads.per.data.dir", "2");
    }

    private static void format(BrokerSettings settings, Properties properties) throws IOException {
        var config = new KafkaConfig(properties, false);
        var formatter =
                new Formatter()
                        .setClusterId(BrokerIdentity.of(settings).orElseGet(EmbeddedBroker::newId))
                        .setNodeId(config.nodeId())
                        .setControllerListenerName("CONTROLLER")
                        .setMetadataLogDirectory(config.metadataLogDir())
                        .setDirectories(List.of(settings.directory().toAbsolutePath().toString()))
                        .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                        .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                        .setUnstableFeatureVersionsEnabled(false)
                        .setIgnoreFormatted(true)
                        .setPrintStream(
                                new PrintStream(
                                        OutputStream.nullOutputStream(),
                                        false,
                                        StandardCharsets.UTF_8));
        try {
            formatter.run();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) { // what Kafka declares
            throw new IOException(e);
        }
    }

    private static String newId() {
        var randomness = Randomness.system();
        return new Uuid(randomness.nextLong(), randomness.nextLong()).toString();
    }

    /// What clients connect to.
    public Address address() {
        return settings.address();
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The whole life of a broker's process: starts, serves until standard input ends, which is
    /// when the parent closes it or is gone, and exits.
    ///
    /// @param arguments as [BrokerProcess] passes them
    public static void serve(List<String> arguments) {
        ROOT.setLevel(Level.WARNING);
        EmbeddedBroker broker;
        try {
            broker = start(BrokerSettings.ofArguments(arguments));
        } catch (TerraneException e) {
            System.err.println(e.text());
            Runtime.getRuntime().halt(BrokerProcess.EXIT_REFUSED);
            return;
        }
        awaitEnd(System.in);
        // If the shutdown hangs, the process ends anyway: the log survives that, as it would a
        // kill.
        Threads.platform("broker-end", () -> haltLater(BrokerProcess.STOP_MAX)).start();
        broker.close();
        Runtime.getRuntime().halt(0);
    }

    private static void awaitEnd(InputStream input) {
        try {
            while (input.read() >= 0) {
                // Nobody writes anything that matters.
            }
        } catch (IOException e) {
            // The parent is gone, which is the end too.
        }
    }

    private static void haltLater(Duration after) {
        try {
            new SystemClock().sleep(after);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(BrokerProcess.EXIT_HUNG);
    }
}
