package terrane.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What `terrane up --processes` starts: three metasrvs, three datanodes, a frontend and a broker.
/// Which process is which metasrv it says itself.
public final class UpCluster implements AutoCloseable {
    public static final int DATANODES = 3;
    private static final int METASRVS = 3;

    private static final String HOST = "127.0.0.1";
    private static final Duration START_MAX = Duration.ofMinutes(2);
    private static final Duration END_MAX = Duration.ofSeconds(60);

    /// `metasrv 0 http://… pid 7` at the start, and `metasrv 0 is started again, pid 8`.
    private static final Pattern METASRV = Pattern.compile("metasrv (\\d) .*pid (\\d+)");

    private final Path output;
    private final int offset;
    private final Process up;
    private final Map<Integer, Long> killed = new HashMap<>();

    private UpCluster(Path output, int offset, Process up) {
        this.output = output;
        this.offset = offset;
        this.up = up;
    }

    /// Starts it on an empty folder below the build's, and returns when it is ready.
    public static UpCluster start(String name) throws IOException {
        var folder = TestCluster.emptyFolder(name);
        int offset = freeOffset();
        var output = folder.resolve("up.log");
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command =
                Stream.of(
                        Stream.of(java),
                        Child.JVM.stream(),
                        Stream.of("-cp", System.getProperty("java.class.path")),
                        Stream.of("terrane.cli.Terrane", "up", "--processes", "--with-parent"),
                        Stream.of("--data", folder.resolve("data").toString()),
                        Stream.of("--port-offset", Integer.toString(offset)));
        var up =
                new ProcessBuilder(command.flatMap(each -> each).toList())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        var cluster = new UpCluster(output, offset, up);
        await("terrane up is ready, see " + output)
                .atMost(START_MAX)
                .until(() -> {
                    assertThat(up.isAlive()).as("%s", Files.readString(output)).isTrue();
                    return cluster.lines().contains("ready");
                });
        return cluster;
    }

    /// The documented ports, and so many more, so that nobody else's cluster is in the way.
    private static int freeOffset() {
        int first = (int) (ProcessHandle.current().pid() % 200);
        return IntStream.range(first, first + 200)
                .map(i -> 1_000 + i % 200 * 100)
                .filter(UpCluster::free)
                .findFirst()
                .orElseThrow();
    }

    private static boolean free(int offset) {
        return IntStream.of(3001, 4000, 4101, 4111, 4121, 9192, 9193)
                .allMatch(port -> freePort(port + offset));
    }

    private static boolean freePort(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(output);
    }

    /// `host:port` of its admin API.
    public String metasrv(int id) {
        return HOST + ":" + (3002 + 10 * id + offset);
    }

    /// `host:port` by which others reach it.
    public String datanode(int peer) {
        return HOST + ":" + (4101 + 10 * peer + offset);
    }

    /// Carries out what must succeed.
    public void sql(String sql) throws IOException, InterruptedException {
        try (var calls = new Calls(START_MAX)) {
            var answer = calls.sql(HOST + ":" + (4000 + offset), sql, Map.of());
            assertThat(answer.status()).as("%s: %s", sql, answer.body()).isEqualTo(200);
        }
    }

    /// `kill -9` of a metasrv; `terrane up` starts it again after a while.
    public void kill(int id) throws IOException, InterruptedException {
        long pid = pid(id);
        killed.put(id, pid);
        signal("KILL", pid);
    }

    /// Waits until a metasrv that was killed has a new process.
    public void awaitStartedAgain(int id) {
        var before = killed.get(id);
        await("metasrv " + id + " is started again")
                .atMost(START_MAX)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> before != null && pid(id) != before);
    }

    public void pause(int id) throws IOException, InterruptedException {
        signal("STOP", pid(id));
    }

    public void resume(int id) throws IOException, InterruptedException {
        signal("CONT", pid(id));
    }

    private void resumeIfThere(int id) throws IOException, InterruptedException {
        if (ProcessHandle.of(pid(id)).isPresent()) {
            resume(id);
        }
    }

    private long pid(int id) throws IOException {
        return lines().stream()
                .map(METASRV::matcher)
                .filter(Matcher::find)
                .filter(found -> found.group(1).equals(Integer.toString(id)))
                .map(found -> Long.parseLong(found.group(2)))
                .reduce((_, last) -> last)
                .orElseThrow();
    }

    private static void signal(String signal, long pid) throws IOException, InterruptedException {
        var kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start();
        assertThat(kill.waitFor()).as("kill -%s %d", signal, pid).isZero();
    }

    /// Ends it in order, whoever is paused.
    @Override
    public void close() throws IOException {
        try {
            for (int id = 0; id < METASRVS; id++) {
                resumeIfThere(id);
            }
            up.destroy();
            boolean ended = up.waitFor(END_MAX.toSeconds(), TimeUnit.SECONDS);
            assertThat(ended).as("terrane up ends in order, see %s", output).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            up.destroyForcibly();
        }
    }
}
