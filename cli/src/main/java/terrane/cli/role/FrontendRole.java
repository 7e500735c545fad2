package terrane.cli.role;

import terrane.cli.config.MetasrvMember;
import terrane.cli.config.Setting;
import terrane.cli.config.Settings;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.frontend.FrontendConfig;
import terrane.frontend.FrontendServer;
import terrane.frontend.write.WriteLimits;
import terrane.query.select.SelectDatabase;

import java.time.Duration;
import java.util.Optional;

/// A frontend.
public record FrontendRole(FrontendServer server) implements Role {
    /// For a metasrv to say which tables there are.
    private static final Duration READY_MAX = Duration.ofMinutes(1);

    private static final Duration QUERY_MAX = Duration.ofSeconds(60);

    /// @throws TerraneException.Unavailable if no metasrv leader is found in time
    public static FrontendRole start(Shared shared) throws InterruptedException {
        var server =
                new FrontendServer(
                        config(shared.settings()),
                        shared.transport(),
                        shared.clock(),
                        shared.randomness());
        boolean ready = false;
        try {
            ready = server.awaitReady(READY_MAX);
        } finally {
            if (!ready) {
                server.close();
            }
        }
        if (!ready) {
            throw TerraneException.unavailable(
                    ErrorCode.NO_METASRV_LEADER,
                    "no metasrv answered within %d s; are they running, and does metasrv.members"
                            + " name them?",
                    READY_MAX.toSeconds());
        }
        return new FrontendRole(server);
    }

    private static FrontendConfig config(Settings settings) {
        var advertised = settings.text(Setting.FRONTEND_HTTP_ADVERTISED);
        var deadline = settings.duration(Setting.FRONTEND_WRITE_TIMEOUT);
        var writes =
                new WriteLimits(
                        deadline,
                        WriteLimits.DEFAULT.heldBytesMax(),
                        WriteLimits.DEFAULT.regionHeldBytesMax());
        return new FrontendConfig(
                settings.address(Setting.FRONTEND_HTTP_BIND),
                advertised.isEmpty()
                        ? Optional.empty()
                        : Optional.of(settings.address(Setting.FRONTEND_HTTP_ADVERTISED)),
                settings.members().stream().map(MetasrvMember::rpc).toList(),
                new SelectDatabase.Limits(
                        settings.folder(Setting.FRONTEND_FOLDER),
                        settings.size(Setting.FRONTEND_DUCKDB),
                        settings.number(Setting.FRONTEND_THREADS)),
                writes,
                QUERY_MAX,
                // A write that is held ends within its own deadline.
                deadline.plusSeconds(1));
    }

    @Override
    public String describe() {
        return "frontend: http=" + server.address();
    }

    @Override
    public void close() {
        server.close();
    }
}
