package terrane.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// Three metasrvs, three datanodes with the peer ids 0 to 2, a frontend and a broker, each in a
/// process of its own.
public final class TestCluster implements AutoCloseable {
    public static final int METASRVS = 3;
    public static final int DATANODES = 3;

    /// How the children are called.
    public static final List<String> CHILDREN =
            List.of(
                    "broker",
                    "metasrv-0",
                    "metasrv-1",
                    "metasrv-2",
                    "datanode-0",
                    "datanode-1",
                    "datanode-2",
                    "frontend-0");

    /// A lease, an election and a replay on a busy machine, several times over.
    private static final Duration LEADER_MAX = Duration.ofSeconds(60);

    private final Path folder;
    private final ClusterPlan plan;
    private final Child broker;
    private final List<Child> metasrvs;
    private final List<Child> datanodes;
    private final Child frontend;
    private final List<String> members = new ArrayList<>();
    private final List<String> metasrvHttp = new ArrayList<>();
    private final String frontendHttp;
    private final String kafka;
    private final Calls calls = new Calls(Duration.ofSeconds(90));

    private TestCluster(Path folder, ClusterPlan plan, List<Integer> ports) {
        this.folder = folder;
        this.plan = plan;
        var next = ports.iterator();
        this.broker = broker(next.next(), next.next());
        int brokerPort = ports.getFirst();
        for (int i = 0; i < METASRVS; i++) {
            var address = new Metasrv(i, next.next(), next.next(), next.next());
            members.add(address.member(host("metasrv-" + i)));
            metasrvHttp.add(address.http(host("metasrv-" + i)));
        }
        kafka = host("broker") + ":" + brokerPort;
        var everybody = everybody();
        this.metasrvs = new ArrayList<>();
        for (int i = 0; i < METASRVS; i++) {
            metasrvs.add(metasrv(i, everybody));
        }
        this.datanodes = new ArrayList<>();
        for (int i = 0; i < DATANODES; i++) {
            datanodes.add(datanode(i, next.next(), next.next(), everybody));
        }
        this.frontendHttp = host("frontend-0") + ":" + next.next();
        this.frontend = frontend(everybody);
    }

    /// What all are told, with the metasrvs as they are now.
    private List<String> everybody() {
        var settings = new ArrayList<>(plan.storage().settings(folder));
        settings.add("kafka.bootstrap.servers=" + kafka);
        settings.add("metasrv.members=" + String.join(",", members));
        return settings;
    }

    /// Where a metasrv is reached.
    private record Metasrv(int id, int rpc, int httpPort, int raft) {
        String member(String host) {
            return "%d:%s:%d:%d:%d".formatted(id, host, rpc, httpPort, raft);
        }

        String http(String host) {
            return host + ":" + httpPort;
        }
    }

    private String host(String child) {
        return plan.place().host(child);
    }

    private Path folder(String child) {
        return plan.place().folder(child, folder.resolve(child));
    }

    private Child child(String name, String role, int heapMegabytes, List<String> settings) {
        settings.addAll(plan.settings(role));
        return new Child(folder, name, role, heapMegabytes, plan.place().enter(name), settings);
    }

    private Child broker(int port, int controller) {
        var settings = new ArrayList<String>();
        settings.add("broker.folder=" + folder("broker"));
        settings.add("broker.bind=" + host("broker"));
        settings.add("broker.port=" + port);
        settings.add("broker.controller.port=" + controller);
        return child("broker", "broker", 400, settings);
    }

    private Child metasrv(int id, List<String> everybody) {
        var settings = new ArrayList<>(everybody);
        settings.add("metasrv.id=" + id);
        settings.add("metasrv.bind=" + host("metasrv-" + id));
        settings.add("metasrv.folder=" + folder("metasrv-" + id));
        return child("metasrv-" + id, "metasrv", 160, settings);
    }

    private Child datanode(int id, int rpc, int http, List<String> everybody) {
        return datanode("datanode-" + id, id, rpc, http, everybody);
    }

    private Child datanode(String name, int id, int rpc, int http, List<String> everybody) {
        var settings = new ArrayList<>(everybody);
        var host = host(name);
        settings.add("datanode.id=" + id);
        settings.add("datanode.rpc.bind=" + host + ":" + rpc);
        settings.add("datanode.http.bind=" + host + ":" + http);
        settings.add("datanode.folder=" + folder(name));
        settings.add("datanode.duckdb.memory=256MiB");
        settings.add("datanode.memtable.size=256MiB");
        return child(name, "datanode", 300, settings);
    }

    private Child frontend(List<String> everybody) {
        var settings = new ArrayList<>(everybody);
        settings.add("frontend.http.bind=" + frontendHttp);
        settings.add("frontend.folder=" + folder("frontend-0"));
        settings.add("frontend.duckdb.memory=256MiB");
        // Longer than any fault of ours lasts: a write that is held need not fail.
        settings.add("frontend.write.timeout=60s");
        return child("frontend-0", "frontend", 300, settings);
    }

    /// Starts all of it, on an empty folder below the build's, and returns when it serves.
    ///
    /// @param name of the folder, where the logs are afterwards
    public static TestCluster start(String name, StorageChoice storage)
            throws IOException, InterruptedException {
        return start(ClusterPlan.usual(name, storage));
    }

    /// The same, as it is planned.
    public static TestCluster start(ClusterPlan plan) throws IOException, InterruptedException {
        var cluster = new TestCluster(emptyFolder(plan.name()), plan, Ports.free(18));
        boolean started = false;
        try {
            cluster.startAll();
            started = true;
        } finally {
            if (!started) {
                cluster.close();
            }
        }
        return cluster;
    }

    /// A folder with nothing in it.
    public static Path emptyFolder(String name) throws IOException {
        var folder = Path.of("target", "e2e", name).toAbsolutePath();
        if (Files.exists(folder)) {
            try (var paths = Files.walk(folder)) {
                for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        return Files.createDirectories(folder);
    }

    private void startAll() throws IOException {
        broker.start();
        broker.awaitReady();
        startMetasrvs();
        for (var datanode : datanodes) {
            datanode.start();
        }
        datanodes.forEach(Child::awaitReady);
        frontend.start();
        frontend.awaitReady();
    }

    /// Ends every role in order, all at the same time but the broker, which is last, and starts
    /// them again over what they left.
    public void restartAll() throws IOException, InterruptedException {
        var clients = new ArrayList<>(metasrvs);
        clients.addAll(datanodes);
        clients.add(frontend);
        clients.forEach(Child::terminate);
        for (var client : clients) {
            client.awaitEnd();
        }
        broker.terminate();
        broker.awaitEnd();
        startAll();
    }

    /// Kills every role at once and starts them again over what they left.
    public void killAllAndRestart() throws IOException, InterruptedException {
        for (var child : children()) {
            child.kill();
        }
        startAll();
    }

    /// Starts a role that refuses to start, and returns when it has ended.
    ///
    /// @return what it said
    public String startInVain(Child child) throws IOException, InterruptedException {
        child.start();
        child.awaitEnd();
        return child.said();
    }

    /// Begins to start a role that was killed; it may have to wait for something before it serves.
    public void begin(Child child) throws IOException {
        child.start();
    }

    /// Returns when a role that was begun to start serves.
    public void awaitReady(Child child) {
        child.awaitReady();
    }

    /// Starts a role that was killed and returns when it serves again.
    public void restart(Child child) throws IOException {
        child.start();
        child.awaitReady();
    }

    public Child broker() {
        return broker;
    }

    public Child metasrv(int index) {
        return metasrvs.get(index);
    }

    public Child datanode(int peer) {
        return datanodes.get(peer);
    }

    public Child frontend() {
        return frontend;
    }

    /// `host:port` of its HTTP server.
    public String frontendHttp() {
        return frontendHttp;
    }

    /// `host:port` of the broker, for Kafka's own clients.
    public String kafka() {
        return kafka;
    }

    /// `host:port` of each metasrv's HTTP server.
    public List<String> metasrvHttp() {
        return List.copyOf(metasrvHttp);
    }

    public Calls calls() {
        return calls;
    }

    /// As in `metasrv.members`.
    public String metasrvMember(int index) {
        return members.get(index);
    }

    /// Where a metasrv keeps its log.
    public Path metasrvFolder(int index) {
        return folder(metasrvs.get(index).name());
    }

    /// Where a datanode keeps its caches.
    public Path datanodeFolder(int peer) {
        return folder(datanodes.get(peer).name());
    }

    /// Starts another process under a datanode's peer id; from now on it is the one of that peer.
    /// The one that was there is the caller's to end.
    public void replaceDatanode(int peer) throws IOException {
        datanodes.set(peer, claimDatanodeId(peer));
        datanodes.get(peer).awaitReady();
    }

    /// Begins to start another process under a datanode's peer id, with a folder and ports of its
    /// own, which is the caller's to end.
    public Child claimDatanodeId(int peer) throws IOException {
        var ports = Ports.free(2);
        var name = datanodes.get(peer).name() + "-next";
        var next = datanode(name, peer, ports.get(0), ports.get(1), everybody());
        next.start();
        return next;
    }

    /// Starts a metasrv under an id and at ports of its own that waits to be joined; from now on it
    /// is the one at `index`, and the one that was there is forgotten.
    public void joinMetasrv(int index, int id) throws IOException {
        var ports = Ports.free(3);
        var address = new Metasrv(id, ports.get(0), ports.get(1), ports.get(2));
        var host = host("metasrv-" + id);
        members.set(index, address.member(host));
        metasrvHttp.set(index, address.http(host));
        var settings = everybody();
        settings.add("metasrv.join=true");
        metasrvs.set(index, metasrv(id, settings));
        restart(metasrvs.get(index));
    }

    /// Ends all metasrvs in order. When they are started again they are told of the members as of
    /// now, and none is told to join.
    public void stopMetasrvs() throws InterruptedException {
        metasrvs.forEach(Child::terminate);
        for (int i = 0; i < METASRVS; i++) {
            metasrvs.get(i).awaitEnd();
            int id = Integer.parseInt(members.get(i).split(":", 2)[0]);
            metasrvs.set(i, metasrv(id, everybody()));
        }
    }

    public void startMetasrvs() throws IOException {
        for (var metasrv : metasrvs) {
            metasrv.start();
        }
        metasrvs.forEach(Child::awaitReady);
    }

    /// Which metasrv leads; waits until one says so of itself, since the others may not have
    /// noticed yet that it is gone.
    public int metasrvLeader() {
        return await("a metasrv leads")
                .atMost(LEADER_MAX)
                .pollInterval(Duration.ofMillis(100))
                .until(this::leaderSaid, leader -> leader >= 0);
    }

    private int leaderSaid() throws InterruptedException {
        for (var http : metasrvHttp) {
            try {
                var answer = calls.get("http://" + http + "/admin/leader");
                if (answer.good() && answer.body().equals(http)) {
                    return metasrvHttp.indexOf(http);
                }
            } catch (IOException e) {
                // This one is down; another knows.
            }
        }
        return -1;
    }

    /// Every process that there is.
    public List<Child> children() {
        var all = new ArrayList<>(metasrvs);
        all.addAll(datanodes);
        all.add(frontend);
        all.add(broker);
        return all;
    }

    /// Carries out what must succeed.
    public String sql(String sql) throws IOException, InterruptedException {
        var answer = calls.sql(frontendHttp, sql, Map.of());
        assertThat(answer.status()).as("%s: %s", sql, answer.body()).isEqualTo(200);
        return answer.body();
    }

    @Override
    public void close() throws IOException {
        children().forEach(Child::close);
        calls.close();
        plan.place().close();
    }
}
