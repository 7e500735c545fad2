package terrane.frontend;

import terrane.core.Address;
import terrane.core.Incarnation;
import terrane.core.TerraneException;
import terrane.core.time.Clock;
import terrane.core.time.Threads;
import terrane.frontend.route.MetasrvClient;
import terrane.wire.metasrv.ClientRequest.Hello;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/// Tells the metasrv that this frontend is alive, for `cluster_info`. Nothing rests on it.
final class Greeter implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Greeter.class.getName());
    private static final Duration EVERY = Duration.ofSeconds(3);

    private final MetasrvClient metasrv;
    private final Clock clock;
    private final Hello hello;
    private final Thread loop;

    Greeter(MetasrvClient metasrv, Clock clock, Incarnation self, Address http) {
        this.metasrv = metasrv;
        this.clock = clock;
        this.hello = new Hello(self, http, FrontendServer.VERSION);
        this.loop = Threads.virtual("frontend-hello", this::run);
    }

    private void run() {
        try {
            while (true) {
                try {
                    metasrv.call(hello, EVERY);
                } catch (TerraneException e) {
                    LOG.log(Level.DEBUG, () -> "nobody heard our hello: " + e.text());
                }
                clock.sleep(EVERY);
            }
        } catch (InterruptedException e) {
            // Only [#close] interrupts this thread, which ends here.
            LOG.log(Level.DEBUG, "greeting ends");
        }
    }

    @Override
    public void close() {
        loop.interrupt();
    }
}
