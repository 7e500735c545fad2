package terrane.frontend;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import terrane.core.Address;
import terrane.core.Incarnation;
import terrane.core.Randomness;
import terrane.core.time.Clock;
import terrane.frontend.http.FrontendHttp;
import terrane.frontend.http.Gate;
import terrane.frontend.http.LineEndpoint;
import terrane.frontend.http.SqlEndpoint;
import terrane.frontend.read.ClusterTables;
import terrane.frontend.read.RegionReader;
import terrane.frontend.route.Calls;
import terrane.frontend.route.CatalogCache;
import terrane.frontend.route.MetasrvClient;
import terrane.frontend.route.TableChanger;
import terrane.frontend.route.WireCalls;
import terrane.frontend.sql.SelectRunner;
import terrane.frontend.sql.SqlService;
import terrane.frontend.write.ArrivingTables;
import terrane.frontend.write.ByteBudget;
import terrane.frontend.write.GapReporter;
import terrane.frontend.write.RegionWriter;
import terrane.frontend.write.WriteKeys;
import terrane.frontend.write.WriteMeters;
import terrane.query.select.SelectDatabase;
import terrane.query.select.SelectExecutor;
import terrane.query.select.SelectPlanner;
import terrane.wire.Transport;
import terrane.wire.rpc.Connections;
import terrane.wire.rpc.RequestServer;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/// A frontend: everything that one needs, made and connected here.
///
/// It listens from the start, and `/health` says when it has heard from a metasrv.
public final class FrontendServer implements AutoCloseable {
    /// As `/health`, `/ping` and `cluster_info` show it.
    public static final String VERSION = "0.1.0";

    private static final Logger LOG = System.getLogger(FrontendServer.class.getName());
    private static final Duration DIAL_MAX = Duration.ofSeconds(1);
    private static final Duration CHANGE_MAX = Duration.ofSeconds(60);

    private final FrontendConfig config;
    private final Runnable hangUp;
    private final CatalogCache cache;
    private final GapReporter gaps;
    private final SelectDatabase database;
    private final Gate gate;
    private final FrontendHttp http;
    private final Greeter greeter;
    private final Acquaintances acquaintances;

    /// Starts it.
    ///
    /// @param transport closed by whoever made it, after this
    public FrontendServer(
            FrontendConfig config, Transport transport, Clock clock, Randomness randomness) {
        this(
                config,
                new Connections(transport, RequestServer.none(), clock, DIAL_MAX),
                clock,
                randomness);
    }

    private FrontendServer(
            FrontendConfig config, Connections connections, Clock clock, Randomness randomness) {
        this(config, new WireCalls(connections), connections::close, clock, randomness);
    }

    /// @param hangUp ends what `calls` rests on
    FrontendServer(
            FrontendConfig config,
            Calls calls,
            Runnable hangUp,
            Clock clock,
            Randomness randomness) {
        this.config = config;
        this.hangUp = hangUp;
        var self = Incarnation.random(randomness);
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        var metasrv = new MetasrvClient(config.metasrvs(), calls, clock);
        cache = new CatalogCache(metasrv, clock);
        var changer = new TableChanger(metasrv, cache, clock, CHANGE_MAX);
        var meters = new WriteMeters(registry);
        gaps = new GapReporter(metasrv, meters);
        var budget = new ByteBudget("frontend", config.writes().heldBytesMax());
        Gauge.builder("terrane_frontend_held_bytes", budget, ByteBudget::heldBytes)
                .register(registry);
        var writer = new RegionWriter(cache, calls, clock, config.writes(), budget, meters, gaps);
        var keys = new WriteKeys(self);
        database = new SelectDatabase(config.database(), clock);
        var sql =
                new SqlService(
                        new SqlService.Catalog(cache, changer, metasrv),
                        new SqlService.Writes(writer, keys),
                        selects(calls, metasrv, clock),
                        randomness,
                        clock);
        var lines =
                new LineEndpoint(new ArrivingTables(cache, changer), writer, keys, budget, clock);
        gate = new Gate(clock);
        var endpoints =
                new FrontendHttp.Endpoints(
                        new SqlEndpoint(sql, budget, clock), lines, gate, cache::loaded);
        try {
            http = new FrontendHttp(config.bind(), endpoints, registry, VERSION);
        } catch (RuntimeException e) {
            // As when the port is taken: nothing of it may go on in the background.
            end();
            throw e;
        }
        greeter = new Greeter(metasrv, clock, self, address());
        acquaintances = new Acquaintances(metasrv, calls, clock);
        LOG.log(Level.INFO, () -> "frontend listens: http=" + address());
    }

    private SelectRunner selects(Calls calls, MetasrvClient metasrv, Clock clock) {
        var timeout = config.queryTimeout();
        return new SelectRunner(
                new SelectPlanner(database),
                new SelectExecutor(database),
                new SelectRunner.Sources(
                        cache,
                        new RegionReader(cache, calls, clock, timeout),
                        new ClusterTables(cache, metasrv)),
                clock,
                timeout);
    }

    /// Where clients reach it.
    public Address address() {
        return config.advertised().orElseGet(() -> new Address(config.bind().host(), http.port()));
    }

    /// The real port of HTTP, where 0 was asked for.
    public int port() {
        return http.port();
    }

    /// Waits until a metasrv has said which tables there are.
    ///
    /// @return whether that came in time
    public boolean awaitReady(Duration atMost) throws InterruptedException {
        return cache.awaitLoaded(atMost);
    }

    /// Refuses new requests, waits for those that are being answered, and ends.
    @Override
    public void close() {
        try {
            if (!gate.drain(config.drain())) {
                LOG.log(Level.WARNING, "some requests are not answered: waited=" + config.drain());
            }
        } catch (InterruptedException e) {
            // Whoever interrupts a shutdown wants it at once.
            Thread.currentThread().interrupt();
        }
        http.close();
        greeter.close();
        acquaintances.close();
        end();
    }

    private void end() {
        cache.close();
        gaps.close();
        hangUp.run();
        database.close();
    }
}
