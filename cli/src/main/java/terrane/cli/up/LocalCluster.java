package terrane.cli.up;

import terrane.cli.config.Settings;
import terrane.cli.process.Logs;
import terrane.cli.role.BrokerMain;
import terrane.cli.role.BrokerRole;
import terrane.cli.role.DatanodeRole;
import terrane.cli.role.FrontendRole;
import terrane.cli.role.MetasrvRole;
import terrane.cli.role.Role;
import terrane.cli.role.Shared;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.time.Clock;
import terrane.engine.wal.broker.BrokerProcess;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// A whole cluster on this machine, all of it started and ended by this process.
public final class LocalCluster implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LocalCluster.class.getName());

    private final Plan plan;
    private final DataFolder data;
    private final NodeSettings settings;
    private final Shared shared;
    private final Consumer<String> news;
    private final List<Running> nodes = new ArrayList<>(); // guarded by itself
    private Optional<BrokerProcess> broker = Optional.empty();

    /// What is wanted.
    ///
    /// @param shape empty parts are as they were the last time
    /// @param processes a JVM for every node instead of one for all
    /// @param settings `key=value`, of all nodes
    public record Plan(Path folder, Wanted shape, boolean processes, List<String> settings) {
        public Plan {
            settings = List.copyOf(settings);
        }
    }

    /// How many nodes, and where; what is empty is as it was the last time, or the default.
    public record Wanted(
            Optional<Integer> metasrvs, Optional<Integer> datanodes, Optional<Integer> portOffset) {
        ClusterShape over(Optional<ClusterShape> before) {
            return new ClusterShape(
                    metasrvs.or(() -> before.map(ClusterShape::metasrvs)).orElse(3),
                    datanodes.or(() -> before.map(ClusterShape::datanodes)).orElse(3),
                    portOffset.or(() -> before.map(ClusterShape::portOffset)).orElse(0));
        }
    }

    private record Running(String name, String role, Node node) {}

    /// Starts a node in this process.
    @FunctionalInterface
    private interface Here {
        Role start(Shared shared) throws InterruptedException;
    }

    private final ClusterShape shape;

    private LocalCluster(
            Plan plan,
            DataFolder data,
            NodeSettings settings,
            ClusterShape shape,
            Consumer<String> news) {
        this.plan = plan;
        this.data = data;
        this.shape = shape;
        this.news = news;
        this.settings = settings;
        this.shared = Shared.open(Settings.defaults());
    }

    /// Starts everything and blocks until it serves.
    ///
    /// @param news is told what happens to nodes later
    /// @throws TerraneException.Rejected if a port or the folder is in use, or does not fit, or a
    ///   setting is wrong
    /// @throws TerraneException.Unavailable if something does not come up in time
    public static LocalCluster start(Plan plan, Consumer<String> news) throws InterruptedException {
        plan.shape().over(Optional.empty()); // refused before a folder is made, if it is wrong
        var data = DataFolder.open(plan.folder());
        LocalCluster cluster;
        try {
            var shape = shape(plan, data);
            var settings = NodeSettings.of(shape, data, plan.settings());
            Ports.refuseInUse(shape);
            data.remember(shape);
            Logs.toFile(data.folder("logs").resolve("terrane.log"));
            cluster = new LocalCluster(plan, data, settings, shape, news);
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
        try {
            cluster.startAll();
            return cluster;
        } catch (InterruptedException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /// Metasrvs remember each other's addresses in their Raft log, so these cannot change.
    private static ClusterShape shape(Plan plan, DataFolder data) {
        var before = data.shape();
        var shape = plan.shape().over(before);
        before.ifPresent(was -> {
            refuseOther(plan, "--metasrvs", was.metasrvs(), shape.metasrvs());
            refuseOther(plan, "--port-offset", was.portOffset(), shape.portOffset());
        });
        return shape;
    }

    private static void refuseOther(Plan plan, String option, int was, int is) {
        if (was != is) {
            throw TerraneException.rejected(
                    ErrorCode.INVALID_ARGUMENT,
                    "the cluster in %s was made with %s %d; leave the option away, or choose"
                            + " another folder with --data",
                    plan.folder(),
                    option,
                    was);
        }
    }

    private void startAll() throws InterruptedException {
        try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            var started = new ArrayList<Future<?>>();
            started.add(tasks.submit(this::startBroker));
            for (int i = 0; i < shape.metasrvs(); i++) {
                started.add(tasks.submit(metasrv(i)));
            }
            for (int i = 0; i < shape.datanodes(); i++) {
                started.add(tasks.submit(datanode(i)));
            }
            started.add(tasks.submit(frontend()));
            try {
                for (var each : started) {
                    each.get();
                }
            } catch (ExecutionException e) {
                abandon(tasks);
                throw thrown(e);
            } catch (InterruptedException e) {
                abandon(tasks);
                throw e;
            }
        }
    }

    private void abandon(ExecutorService tasks) {
        tasks.shutdownNow();
        synchronized (nodes) {
            nodes.forEach(running -> running.node().abandon());
        }
    }

    private static RuntimeException thrown(ExecutionException e) {
        return e.getCause() instanceof RuntimeException cause
                ? cause
                : new IllegalStateException("cannot start", e.getCause());
    }

    private Void startBroker() throws InterruptedException {
        var log = data.folder("logs").resolve("broker.log");
        var broker =
                BrokerProcess.start(
                        BrokerRole.settings(settings.broker()),
                        BrokerMain.class.getName(),
                        log,
                        shared.clock());
        synchronized (nodes) {
            this.broker = Optional.of(broker);
        }
        return null;
    }

    private Callable<Void> metasrv(int i) {
        return node("metasrv", "metasrv " + i, "128m", settings.metasrv(i), MetasrvRole::start);
    }

    private Callable<Void> datanode(int i) {
        return node("datanode", "datanode " + i, "384m", settings.datanode(i), DatanodeRole::start);
    }

    private Callable<Void> frontend() {
        return node("frontend", "frontend", "384m", settings.frontend(), FrontendRole::start);
    }

    private Callable<Void> node(
            String role, String name, String heap, Settings settings, Here here) {
        return () -> {
            if (plan.processes()) {
                var log = data.folder("logs").resolve(name.replace(' ', '-') + ".log");
                var program = new NodeProcess.Program(role, name, heap, settings, log);
                var process = NodeProcess.start(program, shared.clock(), news);
                add(new Running(name, role, process));
                new Readiness(shape, shared.clock()).await(role, settings, process::refuseDead);
            } else {
                var running = here.start(shared.with(settings));
                add(new Running(name, role, NodeHere.of(name, running, news)));
                LOG.log(System.Logger.Level.INFO, "started: {0}", running.describe());
            }
            return null;
        };
    }

    private void add(Running running) {
        synchronized (nodes) {
            nodes.add(running);
        }
    }

    public ClusterShape shape() {
        return shape;
    }

    public Clock clock() {
        return shared.clock();
    }

    /// A line for each node: its name, its address, its process.
    public List<String> describe() {
        var lines = new ArrayList<String>();
        for (int i = 0; i < shape.metasrvs(); i++) {
            lines.add(line("metasrv " + i, "http://" + shape.metasrvHttp(i)));
        }
        for (int i = 0; i < shape.datanodes(); i++) {
            lines.add(line("datanode " + i, "http://" + shape.datanodeHttp(i) + "/metrics"));
        }
        lines.add(line("frontend", "http://" + shape.frontendHttp()));
        lines.add(
                line(
                        "broker",
                        shape.broker() + broker.map(b -> "  pid " + b.handle().pid()).orElse("")));
        return lines;
    }

    private String line(String name, String address) {
        return "  %-11s %s  %s".formatted(name, address, note(name)).stripTrailing();
    }

    private String note(String name) {
        synchronized (nodes) {
            return nodes.stream()
                    .filter(running -> running.name().equals(name))
                    .map(running -> running.node().note())
                    .findFirst()
                    .orElse("");
        }
    }

    /// Ends everything in order: clients' requests first, the log last.
    @Override
    public void close() {
        closeAll("frontend");
        closeAll("datanode");
        closeAll("metasrv");
        broker.ifPresent(BrokerProcess::close);
        shared.close();
        data.close();
    }

    private void closeAll(String role) {
        List<Running> closing;
        synchronized (nodes) {
            closing = nodes.stream().filter(running -> running.role().equals(role)).toList();
            nodes.removeAll(closing);
        }
        try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, closing.size())
                    .forEach(i -> tasks.execute(() -> close(closing.get(i))));
        }
    }

    /// What cannot be closed must not keep the others from it.
    private static void close(Running running) {
        try {
            running.node().close();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "does not end in order: " + running.name(), e);
        }
    }
}
