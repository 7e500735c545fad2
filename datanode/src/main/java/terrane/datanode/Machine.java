package terrane.datanode;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

import terrane.core.Address;
import terrane.core.time.Clock;
import terrane.core.time.PlatformThreads;
import terrane.engine.region.Duck;
import terrane.engine.region.DuckEngine;
import terrane.engine.region.RegionEngine;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// What a datanode uses of the machine that it runs on, apart from its folder: threads that no
/// virtual thread can hold up, native code, and a port that people look at. An interface, so that a
/// simulation can do without all three.
public interface Machine {
    PlatformThreads threads();

    /// Memory for rows.
    BufferAllocator allocator();

    /// @param allocator for rows on their way into the engine and out of it
    RegionEngine engine(Duck.Settings settings, BufferAllocator allocator);

    /// Answers `/health` and `/metrics` from then on.
    ///
    /// @param metrics in the Prometheus text format
    StatusPort status(Address bind, BooleanSupplier ready, Supplier<String> metrics);

    /// Where people look.
    interface StatusPort extends AutoCloseable {
        /// The real one, where 0 was asked for.
        int port();

        @Override
        void close();
    }

    /// The one that this process runs on.
    static Machine system(Clock clock) {
        return new Machine() {
            @Override
            public PlatformThreads threads() {
                return PlatformThreads.system();
            }

            @Override
            public BufferAllocator allocator() {
                return new RootAllocator();
            }

            @Override
            public RegionEngine engine(Duck.Settings settings, BufferAllocator allocator) {
                return new DuckEngine(Duck.open(settings, clock), allocator);
            }

            @Override
            public StatusPort status(
                    Address bind, BooleanSupplier ready, Supplier<String> metrics) {
                return HttpStatus.start(bind, ready, metrics);
            }
        };
    }
}
