package terrane.frontend;

import terrane.core.Address;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.time.Clock;
import terrane.core.time.Threads;
import terrane.frontend.route.Calls;
import terrane.frontend.route.MetasrvClient;
import terrane.wire.datanode.DataRequest;
import terrane.wire.metasrv.ClientRequest.ListNodes;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/// Speaks to every datanode from time to time, so that there is a connection before a region moves
/// to one that this frontend has never needed: dialling costs tens of milliseconds, which a client
/// would wait for in the middle of a handover.
final class Acquaintances implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Acquaintances.class.getName());
    private static final Duration EVERY = Duration.ofSeconds(2);

    /// No table has it, so whoever is asked answers at once that it knows nothing of it.
    private static final DataRequest.Describe GREETING = new DataRequest.Describe(new RegionId(0));

    private final MetasrvClient metasrv;
    private final Calls calls;
    private final Clock clock;
    private final Thread loop;

    Acquaintances(MetasrvClient metasrv, Calls calls, Clock clock) {
        this.metasrv = metasrv;
        this.calls = calls;
        this.clock = clock;
        this.loop = Threads.virtual("frontend-acquaintances", this::run);
    }

    private void run() {
        try {
            while (true) {
                greetAll();
                clock.sleep(EVERY);
            }
        } catch (InterruptedException e) {
            // Only [#close] interrupts this thread, which ends here.
            LOG.log(Level.DEBUG, "acquaintances end");
        }
    }

    private void greetAll() throws InterruptedException {
        try {
            for (var node : metasrv.call(new ListNodes(), EVERY).nodes()) {
                if (node.kind().equals("DATANODE") && node.alive()) {
                    greet(node.address());
                }
            }
        } catch (TerraneException e) {
            LOG.log(Level.DEBUG, () -> "nobody says which datanodes there are: " + e.text());
        }
    }

    private void greet(Address datanode) throws InterruptedException {
        try {
            calls.call(datanode, GREETING, EVERY);
        } catch (TerraneException e) {
            LOG.log(Level.DEBUG, () -> "greeted " + datanode + ": " + e.text());
        }
    }

    @Override
    public void close() {
        loop.interrupt();
    }
}
