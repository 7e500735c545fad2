package terrane.engine.wal.broker;

import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Where a broker keeps its data, and where it listens.
///
/// @param host the address that it listens on, and by which clients reach it
/// @param port for clients
/// @param controllerPort for itself: a broker of one machine is its own controller
public record BrokerSettings(Path directory, String host, int port, int controllerPort) {
    private static final String LOOPBACK = "127.0.0.1";

    /// On loopback.
    public BrokerSettings(Path directory, int port, int controllerPort) {
        this(directory, LOOPBACK, port, controllerPort);
    }

    /// Two ports that are free at this moment; for tests.
    public static BrokerSettings onFreePorts(Path directory) {
        try (var first = listenOn(LOOPBACK, 0);
                var second = listenOn(LOOPBACK, 0)) {
            return new BrokerSettings(directory, first.getLocalPort(), second.getLocalPort());
        } catch (IOException e) {
            throw new TerraneException.Unavailable(
                    ErrorCode.WAL_UNAVAILABLE, "no free port", Duration.ZERO, e);
        }
    }

    private static ServerSocket listenOn(String host, int port) throws IOException {
        var socket = new ServerSocket();
        socket.bind(new InetSocketAddress(host, port));
        return socket;
    }

    /// What clients connect to.
    public Address address() {
        return new Address(host, port);
    }

    /// @throws TerraneException.Rejected if somebody else listens on one of the ports: otherwise
    ///   clients could reach a broker of somebody else and take it for this one
    void refusePortsInUse() {
        for (int wanted : new int[] {port, controllerPort}) {
            try (var free = listenOn(host, wanted)) {
                free.getLocalPort();
            } catch (IOException e) {
                throw new TerraneException.Rejected(
                        ErrorCode.INVALID_ARGUMENT,
                        "the broker's port %d is in use by another program; stop it, or give"
                                        .formatted(wanted)
                                + " the broker another port",
                        e);
            }
        }
    }

    List<String> toArguments() {
        return List.of(
                directory.toAbsolutePath().toString(),
                host,
                Integer.toString(port),
                Integer.toString(controllerPort));
    }

    static BrokerSettings ofArguments(List<String> arguments) {
        return new BrokerSettings(
                Path.of(arguments.get(0)),
                arguments.get(1),
                Integer.parseInt(arguments.get(2)),
                Integer.parseInt(arguments.get(3)));
    }
}
