package terrane.sim.cluster;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.jspecify.annotations.Nullable;

import terrane.core.Address;
import terrane.frontend.read.RegionReader;
import terrane.frontend.route.Calls;
import terrane.frontend.route.CatalogCache;
import terrane.frontend.route.MetasrvClient;
import terrane.frontend.route.TableChanger;
import terrane.frontend.route.WireCalls;
import terrane.frontend.write.ByteBudget;
import terrane.frontend.write.GapReporter;
import terrane.frontend.write.RegionWriter;
import terrane.frontend.write.WriteLimits;
import terrane.frontend.write.WriteMeters;
import terrane.sim.net.SimTransport;
import terrane.sim.world.SimProcess;
import terrane.wire.Reply;
import terrane.wire.Request;
import terrane.wire.datanode.DataRequest;
import terrane.wire.rpc.Connections;
import terrane.wire.rpc.ReplyStream;
import terrane.wire.rpc.RequestServer;

import java.time.Duration;

/// A machine with a frontend, below its HTTP.
public final class FrontendHost extends SimHost {
    private static final Duration DIAL_MAX = Duration.ofSeconds(1);
    private static final Duration CHANGE_MAX = Duration.ofSeconds(60);
    private static final Duration QUERY_MAX = Duration.ofSeconds(20);

    private final Surroundings around;
    private @Nullable Parts parts;

    /// What a frontend is made of.
    record Parts(
            CatalogCache cache,
            MetasrvClient metasrv,
            TableChanger changer,
            RegionWriter writer,
            RegionReader reader) {}

    FrontendHost(Surroundings around, String name, long number) {
        super(around.world(), name, number);
        this.around = around;
    }

    @Nullable Parts parts() {
        return parts;
    }

    @Override
    void run(SimProcess started) {
        var clock = started.clock();
        var connections =
                new Connections(
                        new SimTransport(around.network(), started),
                        RequestServer.none(),
                        clock,
                        DIAL_MAX);
        var calls = new ObservedCalls(new WireCalls(connections), around.observer());
        var metasrv = new MetasrvClient(around.metasrvs(), calls, clock);
        var cache = new CatalogCache(metasrv, clock);
        var limits = WriteLimits.DEFAULT;
        var meters = new WriteMeters(new SimpleMeterRegistry());
        parts =
                new Parts(
                        cache,
                        metasrv,
                        new TableChanger(metasrv, cache, clock, CHANGE_MAX),
                        new RegionWriter(
                                cache,
                                calls,
                                clock,
                                limits,
                                new ByteBudget("frontend", limits.heldBytesMax()),
                                meters,
                                new GapReporter(metasrv, meters)),
                        new RegionReader(cache, calls, clock, QUERY_MAX));
    }

    @Override
    void gone() {
        parts = null;
    }

    /// Tells the observer what datanodes acknowledge.
    private record ObservedCalls(Calls calls, Observer observer) implements Calls {
        @Override
        public <R extends Reply> R call(Address to, Request<R> request, Duration atMost)
                throws InterruptedException {
            var answer = calls.call(to, request, atMost);
            if (request instanceof DataRequest.Write write
                    && answer instanceof DataRequest.Written written) {
                observer.acknowledged(write, written);
            }
            return answer;
        }

        @Override
        public <R extends Reply> ReplyStream<R> stream(
                Address to, Request<R> request, Duration atMost) throws InterruptedException {
            return calls.stream(to, request, atMost);
        }
    }
}
