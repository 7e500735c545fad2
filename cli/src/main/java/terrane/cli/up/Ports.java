package terrane.cli.up;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/// Looks whether ports are free before anything is started that would need them.
final class Ports {
    private Ports() {}

    /// @throws TerraneException.Rejected if somebody listens on one of them; it says which
    static void refuseInUse(ClusterShape shape) {
        for (var wanted : shape.ports()) {
            try (var free = new ServerSocket()) {
                free.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted.port()));
            } catch (IOException e) {
                throw new TerraneException.Rejected(
                        ErrorCode.INVALID_ARGUMENT,
                        ("port %d, which the %s needs, is in use by another program; stop that"
                                        + " program, or choose other ports, for example with"
                                        + " --port-offset %d")
                                .formatted(wanted.port(), wanted.owner(), shape.portOffset() + 100),
                        e);
            }
        }
    }
}
