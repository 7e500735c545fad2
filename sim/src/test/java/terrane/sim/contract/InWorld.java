package terrane.sim.contract;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

import terrane.sim.net.Network;
import terrane.sim.world.SimProcess;
import terrane.sim.world.World;

import java.lang.reflect.Method;
import java.time.Duration;

/// Runs each test on a thread of a simulated process.
final class InWorld implements InvocationInterceptor {
    private static final Duration LONG = Duration.ofHours(10);

    private final World world;
    private final Network network;
    private final SimProcess process;

    InWorld(long seed) {
        world = new World(seed);
        network = new Network(world);
        process = new SimProcess(world, "d1", 1);
    }

    World world() {
        return world;
    }

    Network network() {
        return network;
    }

    SimProcess process() {
        return process;
    }

    /// What became of the test's own thread.
    private static final class Ending {
        boolean ended;
        @Nullable Throwable thrown;
    }

    @Override
    public void interceptTestMethod(
            Invocation<@Nullable Void> test,
            ReflectiveInvocationContext<Method> method,
            ExtensionContext context)
            throws Throwable {
        var ending = new Ending();
        process.spawn("test", () -> proceed(test, ending));
        boolean ended = world.run(() -> ending.ended, LONG);
        if (ending.thrown != null) {
            throw ending.thrown;
        }
        if (!ended || !world.failures().isEmpty()) {
            throw new AssertionError(
                    "the test does not end in this world: failures=" + world.failures());
        }
    }

    private static void proceed(Invocation<@Nullable Void> test, Ending ending) {
        try {
            test.proceed();
        } catch (Throwable thrown) {
            ending.thrown = thrown;
        } finally {
            ending.ended = true;
        }
    }
}
