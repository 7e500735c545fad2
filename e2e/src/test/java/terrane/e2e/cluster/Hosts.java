package terrane.e2e.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A host for every child: a network namespace of its own, all on one bridge, to which this process
/// has a port too. Names and addresses carry this process's id, so that whoever comes later can
/// tell what a killed run has left behind, and removes it.
///
/// A way from one host to another is cut by a neighbour with a hardware address that nobody has:
/// packets are sent and never arrive, as where a switch loses them. The other way stays.
///
/// Only root may make hosts; a test that needs them fails elsewhere, and says so. One that can do
/// without them asks by [#ifPossible].
public final class Hosts implements Place {
    private static final String PREFIX = "trn";

    /// Nobody has it; the second bit says that it was made up.
    private static final String NOWHERE = "02:00:00:00:00:01";

    private final String mark = PREFIX + ProcessHandle.current().pid();
    private final String network = network(ProcessHandle.current().pid());
    private final Map<String, Integer> numbers = new LinkedHashMap<>();

    /// @param children every child that there will be
    public Hosts(List<String> children) {
        removeLeftovers();
        run("ip", "link", "add", mark, "type", "bridge");
        run("ip", "address", "add", network + "254/24", "dev", mark);
        run("ip", "link", "set", mark, "up");
        for (var child : children) {
            numbers.put(child, numbers.size() + 1);
            addHost(child);
        }
    }

    /// Hosts where they can be made; nothing elsewhere, which is printed.
    public static Optional<Hosts> ifPossible(List<String> children) {
        try {
            return Optional.of(new Hosts(children));
        } catch (NotPossible e) {
            System.out.println("without hosts of their own, so no network is cut: " + e.why());
            return Optional.empty();
        }
    }

    /// This machine, or whoever runs this, has no right to or no command for it.
    private static final class NotPossible extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotPossible(String why) {
            super(why);
        }

        String why() {
            return String.valueOf(getMessage());
        }
    }

    /// From a range that is for tests of networks.
    private static String network(long pid) {
        return "198.%d.%d.".formatted(18 + pid / 256 % 2, pid % 256);
    }

    private void addHost(String child) {
        var host = name(child);
        var ours = "p" + host;
        run("ip", "netns", "add", host);
        run("ip", "link", "add", ours, "type", "veth", "peer", "name", "eth0", "netns", host);
        run("ip", "link", "set", ours, "master", mark, "up");
        inside(child, "ip", "link", "set", "lo", "up");
        inside(child, "ip", "address", "add", host(child) + "/24", "dev", "eth0");
        inside(child, "ip", "link", "set", "eth0", "up");
    }

    /// At most 15 characters with a letter before it, which is what an interface's name may have.
    private String name(String child) {
        return mark + "-" + number(child);
    }

    private int number(String child) {
        return Optional.ofNullable(numbers.get(child)).orElseThrow();
    }

    @Override
    public String host(String child) {
        return network + number(child);
    }

    @Override
    public List<String> enter(String child) {
        return List.of("ip", "netns", "exec", name(child));
    }

    /// From now on nothing arrives that `from` sends to `to`.
    public void cut(String from, String to) {
        inside(from, neighbour("replace", to, "lladdr", NOWHERE, "nud", "permanent"));
    }

    /// Both ways.
    public void cutBoth(String one, String other) {
        cut(one, other);
        cut(other, one);
    }

    /// Cuts a child off from all others.
    ///
    /// @param deaf nothing that they send arrives at it
    /// @param mute nothing that it sends arrives at them
    public void cutOff(String child, boolean deaf, boolean mute) {
        for (var other : numbers.keySet()) {
            if (deaf && !other.equals(child)) {
                cut(other, child);
            }
            if (mute && !other.equals(child)) {
                cut(child, other);
            }
        }
    }

    /// Everything arrives again.
    public void heal() {
        for (var child : numbers.keySet()) {
            inside(child, "ip", "neighbour", "flush", "dev", "eth0", "nud", "permanent");
        }
    }

    private String[] neighbour(String change, String to, String... more) {
        return Stream.concat(
                        Stream.of("ip", "neighbour", change, host(to), "dev", "eth0"),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    private void inside(String child, String... command) {
        var whole = new ArrayList<>(enter(child));
        whole.addAll(List.of(command));
        run(whole.toArray(String[]::new));
    }

    private static String run(String... command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new NotPossible(
                        "%s (needs root, or the right to make networks): %s"
                                .formatted(String.join(" ", command), said.strip()));
            }
            return said;
        } catch (IOException e) {
            throw new NotPossible("Debian's package iproute2 is missing: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a network is made", e);
        }
    }

    /// A run that was killed could not remove its own.
    private static void removeLeftovers() {
        run("ip", "netns", "list")
                .lines()
                .map(line -> line.split(" ", 2)[0])
                .filter(name -> name.startsWith(PREFIX) && isGone(name.split("-", 2)[0]))
                .forEach(name -> run("ip", "netns", "delete", name));
        run("ip", "-brief", "link", "show", "type", "bridge")
                .lines()
                .map(line -> line.split(" ", 2)[0])
                .filter(name -> name.startsWith(PREFIX) && isGone(name))
                .forEach(name -> run("ip", "link", "delete", name));
    }

    private static boolean isGone(String mark) {
        long pid = Long.parseLong(mark.substring(PREFIX.length()));
        return ProcessHandle.of(pid).isEmpty();
    }

    /// After the children have ended: their ends of the wires go with the namespaces.
    @Override
    public void close() {
        for (var child : numbers.keySet()) {
            run("ip", "netns", "delete", name(child));
        }
        run("ip", "link", "delete", mark);
    }
}
