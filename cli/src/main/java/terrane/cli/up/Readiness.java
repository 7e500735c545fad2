package terrane.cli.up;

import terrane.cli.client.Health;
import terrane.cli.config.Setting;
import terrane.cli.config.Settings;
import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.time.Clock;

import java.time.Duration;

/// Waits until a node in another process says that it serves.
final class Readiness {
    /// Eight JVMs that start at once on two cores take half a minute.
    private static final Duration READY_MAX = Duration.ofMinutes(2);

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final ClusterShape shape;
    private final Clock clock;

    Readiness(ClusterShape shape, Clock clock) {
        this.shape = shape;
        this.clock = clock;
    }

    /// @param refuseDead throws if there is nothing to wait for any more
    void await(String role, Settings settings, Runnable refuseDead) throws InterruptedException {
        var address = address(role, settings);
        long deadline = clock.nanosAfter(READY_MAX);
        try (var health = new Health(address)) {
            while (!health.good()) {
                refuseDead.run();
                if (clock.passed(deadline)) {
                    throw TerraneException.unavailable(
                            ErrorCode.NOT_READY,
                            "the %s at %s does not serve after %d s",
                            role,
                            address,
                            READY_MAX.toSeconds());
                }
                clock.sleep(LOOK_EVERY);
            }
        }
    }

    private Address address(String role, Settings settings) {
        return switch (role) {
            case "metasrv" -> shape.metasrvHttp(settings.number(Setting.METASRV_ID));
            case "datanode" -> settings.address(Setting.DATANODE_HTTP_BIND);
            default -> settings.address(Setting.FRONTEND_HTTP_BIND);
        };
    }
}
