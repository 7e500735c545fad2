package terrane.sim.world;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

class MonitorsTest {
    /// The holder outside gives the monitor back only once our thread is seen waiting for it.
    @Test
    void monitorHeldOutsideOfTheWorldShowsNowhere() throws InterruptedException {
        var monitor = new Object();
        var order = new ArrayList<String>();
        var ours = new ArrayList<Thread>();
        var held = new CountDownLatch(1);
        var holder =
                Thread.ofPlatform()
                        .start(() -> {
                            synchronized (monitor) {
                                held.countDown();
                                while (ours.isEmpty()
                                        || ours.getFirst().getState() != Thread.State.BLOCKED) {
                                    Thread.onSpinWait();
                                }
                            }
                        });
        held.await();

        var world = new World(1);
        var process = new SimProcess(world, "host", 1);
        process.spawn(
                "first",
                () -> {
                    ours.add(Thread.currentThread());
                    synchronized (monitor) {
                        order.add("first");
                    }
                });
        process.spawn("second", () -> order.add("second"));
        world.run(Duration.ofSeconds(1));
        holder.join();

        assertThat(world.failures()).isEmpty();
        assertThat(order).hasSize(2);
        assertThat(order).isEqualTo(uncontended());
    }

    private static List<String> uncontended() {
        var order = new ArrayList<String>();
        var world = new World(1);
        var process = new SimProcess(world, "host", 1);
        process.spawn("first", () -> order.add("first"));
        process.spawn("second", () -> order.add("second"));
        world.run(Duration.ofSeconds(1));
        return order;
    }
}
