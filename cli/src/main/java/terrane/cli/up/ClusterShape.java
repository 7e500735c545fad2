package terrane.cli.up;

import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// How many nodes of each role a local cluster has, and at which ports.
///
/// @param portOffset added to every port
public record ClusterShape(int metasrvs, int datanodes, int portOffset) {
    private static final String HOST = "127.0.0.1";
    private static final int PER_NODE = 10;

    /// Ports of datanodes are 4101 to 4190.
    private static final int DATANODES_MAX = 9;

    /// The highest port is 9193.
    private static final int PORT_OFFSET_MAX = 65_535 - 9_193;

    public ClusterShape {
        if (metasrvs != 1 && metasrvs != 3) {
            throw refused("--metasrvs is 1 or 3, not %d", metasrvs);
        }
        if (datanodes < 1 || datanodes > DATANODES_MAX) {
            throw refused("--datanodes is from 1 to 9, not %d", datanodes);
        }
        if (portOffset < 0 || portOffset > PORT_OFFSET_MAX) {
            throw refused("--port-offset is from 0 to 56342, not %d", portOffset);
        }
    }

    private static TerraneException.Rejected refused(String format, int value) {
        return TerraneException.rejected(ErrorCode.INVALID_ARGUMENT, format, value);
    }

    private int port(int first, int node) {
        return first + PER_NODE * node + portOffset;
    }

    /// As the setting `metasrv.members` has them.
    String members() {
        return IntStream.range(0, metasrvs)
                .mapToObj(i ->
                        "%d:%s:%d:%d:%d"
                                .formatted(i, HOST, port(3001, i), port(3002, i), port(3003, i)))
                .collect(Collectors.joining(","));
    }

    /// The admin API.
    public Address metasrvHttp(int i) {
        return new Address(HOST, port(3002, i));
    }

    /// The admin APIs of all metasrvs.
    public List<Address> metasrvHttps() {
        return IntStream.range(0, metasrvs).mapToObj(this::metasrvHttp).toList();
    }

    Address datanodeRpc(int i) {
        return new Address(HOST, port(4101, i));
    }

    Address datanodeHttp(int i) {
        return new Address(HOST, port(4102, i));
    }

    /// SQL and line protocol.
    public Address frontendHttp() {
        return new Address(HOST, port(4000, 0));
    }

    Address broker() {
        return new Address(HOST, port(9192, 0));
    }

    int brokerController() {
        return port(9193, 0);
    }

    /// A port that has to be free, and whose it is.
    record Port(int port, String owner) {}

    List<Port> ports() {
        var metasrvPorts =
                IntStream.range(0, metasrvs)
                        .boxed()
                        .flatMap(i ->
                                IntStream.of(3001, 3002, 3003)
                                        .mapToObj(p -> new Port(port(p, i), "metasrv " + i)));
        var datanodePorts =
                IntStream.range(0, datanodes)
                        .boxed()
                        .flatMap(i ->
                                IntStream.of(4101, 4102)
                                        .mapToObj(p -> new Port(port(p, i), "datanode " + i)));
        var others =
                java.util.stream.Stream.of(
                        new Port(frontendHttp().port(), "frontend"),
                        new Port(broker().port(), "broker"),
                        new Port(brokerController(), "broker"));
        return java.util.stream.Stream.of(metasrvPorts, datanodePorts, others)
                .flatMap(ports -> ports)
                .toList();
    }
}
