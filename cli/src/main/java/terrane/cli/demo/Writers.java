package terrane.cli.demo;

import com.influxdb.client.InfluxDBClientFactory;
import com.influxdb.client.WriteApiBlocking;
import com.influxdb.client.domain.WritePrecision;
import com.influxdb.client.write.Point;
import com.influxdb.exceptions.InfluxException;

import terrane.cli.client.LineClient;
import terrane.core.Address;
import terrane.core.TerraneException;
import terrane.core.time.Clock;
import terrane.core.time.Threads;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Everybody who writes during a demo, each on a thread of its own, until closed.
final class Writers implements AutoCloseable {
    static final String MACHINE = "machine";

    private static final int THREADS = 2;
    private static final int HOSTS_PER_THREAD = 50;
    private static final Duration EVERY = Duration.ofMillis(20);
    private static final Duration MACHINE_EVERY = Duration.ofMillis(100);

    private final Address frontend;
    private final Clock clock;
    private final Tally load = new Tally();
    private final Tally machine = new Tally();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ending;

    private Writers(Address frontend, Clock clock) {
        this.frontend = frontend;
        this.clock = clock;
    }

    static Writers start(Address frontend, Clock clock) {
        var writers = new Writers(frontend, clock);
        for (int i = 0; i < THREADS; i++) {
            int first = i * HOSTS_PER_THREAD;
            writers.begin("load-" + i, () -> writers.generate(first));
        }
        writers.begin(MACHINE, writers::watchMachine);
        return writers;
    }

    @FunctionalInterface
    private interface Writing {
        void run() throws InterruptedException;
    }

    private void begin(String name, Writing writing) {
        threads.add(
                Threads.virtual(
                        name,
                        () -> {
                            try {
                                writing.run();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            } catch (RuntimeException e) {
                                load.failed(name + " ended: " + e);
                            }
                        }));
    }

    /// A steady load, as many rows as there are hosts every 20 ms.
    private void generate(int firstHost) throws InterruptedException {
        var pace = new Pace(clock, EVERY);
        long began = nanos(clock.now());
        try (var client = new LineClient(frontend)) {
            for (long tick = 0; !ending; tick++) {
                pace.await();
                long at = began + tick * EVERY.toNanos();
                try {
                    client.write(CpuLoad.lines(firstHost, HOSTS_PER_THREAD, tick, at));
                    load.acknowledged(HOSTS_PER_THREAD);
                } catch (TerraneException e) {
                    load.failed(e.text());
                }
            }
        }
    }

    /// This machine's own metrics, by InfluxDB's own client.
    private void watchMachine() throws InterruptedException {
        var metrics = new MachineMetrics(Path.of("/proc"));
        var pace = new Pace(clock, MACHINE_EVERY);
        var url = "http://" + frontend;
        try (var client =
                InfluxDBClientFactory.create(url, "none".toCharArray(), "none", "public")) {
            var api = client.getWriteApiBlocking();
            while (!ending) {
                pace.await();
                write(api, metrics);
            }
        }
    }

    private void write(WriteApiBlocking api, MachineMetrics metrics) {
        var point = Point.measurement(MACHINE).addTag("host", "this");
        metrics.read().forEach((field, value) -> point.addField(field, value));
        point.time(nanos(clock.now()), WritePrecision.NS);
        try {
            api.writePoint(point);
            machine.acknowledged(1);
        } catch (InfluxException e) {
            machine.failed(e.toString());
        }
    }

    private static long nanos(Instant at) {
        return Math.addExact(Math.multiplyExact(at.getEpochSecond(), 1_000_000_000L), at.getNano());
    }

    Tally load() {
        return load;
    }

    Tally machine() {
        return machine;
    }

    /// Lets every write end that has begun.
    void end() throws InterruptedException {
        ending = true;
        for (var thread : threads) {
            thread.join();
        }
    }

    @Override
    public void close() {
        ending = true;
        threads.forEach(Thread::interrupt);
    }
}
