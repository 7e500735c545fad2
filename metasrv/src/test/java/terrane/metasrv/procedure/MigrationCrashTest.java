package terrane.metasrv.procedure;

import static org.assertj.core.api.Assertions.assertThat;

import static terrane.metasrv.procedure.Town.FIRST;
import static terrane.metasrv.procedure.Town.SECOND;

import org.junit.jupiter.api.Test;

import terrane.core.Node;
import terrane.core.ProcedureId;
import terrane.core.catalog.Applied;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.Change;
import terrane.core.lease.Suspicion;
import terrane.core.migration.MigrationState.Finished;
import terrane.core.migration.Plan.Limits;
import terrane.metasrv.node.Orders;
import terrane.metasrv.raft.CatalogStore;
import terrane.wire.Reply;
import terrane.wire.datanode.Order;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/// Stops the driver before each entry, after each entry and after each order, one run for each, and
/// lets another go on: the region is led by exactly one node in the end, whatever was lost.
class MigrationCrashTest {
    /// Nothing takes more steps than this; a run that crashes nowhere ends the walk before.
    private static final int STEPS_MAX = 60;

    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /// Counts steps and stops at one of them.
    private static final class Fuse {
        private int left;

        Fuse(int steps) {
            left = steps;
        }

        synchronized void step() {
            if (left-- == 0) {
                throw new Crash();
            }
        }

        synchronized boolean blown() {
            return left < 0;
        }
    }

    private record FusedStore(CatalogStore store, Fuse fuse) implements CatalogStore {
        @Override
        public void close() {
            store.close();
        }

        @Override
        public Applied commit(Change change) throws InterruptedException {
            fuse.step();
            var applied = store.commit(change);
            fuse.step();
            return applied;
        }

        @Override
        public <T> T read(Function<Catalog, T> question) {
            return store.read(question);
        }

        @Override
        public boolean awaitChange(long version, Duration atMost) throws InterruptedException {
            return store.awaitChange(version, atMost);
        }

        @Override
        public List<Member> members() {
            return store.members();
        }

        @Override
        public OptionalLong leadingTerm() {
            return store.leadingTerm();
        }

        @Override
        public Optional<Member> leader() {
            return store.leader();
        }
    }

    private record FusedOrders(Orders orders, Fuse fuse) implements Orders {
        @Override
        public <R extends Reply> R order(Node node, Order<R> order, Duration atMost)
                throws InterruptedException {
            var reply = orders.order(node, order, atMost);
            fuse.step();
            return reply;
        }

        @Override
        public boolean alive(Node node) {
            return orders.alive(node);
        }

        @Override
        public void nudge(Node node) {
            orders.nudge(node);
        }
    }

    private static boolean crashes(Town town, ProcedureId id, Fuse fuse)
            throws InterruptedException {
        var procedures =
                new Procedures(
                        new FusedStore(town.store, fuse),
                        new FusedOrders(town.nodes, fuse),
                        town.ledger,
                        Suspicion.Parameters.USUAL,
                        town.clock,
                        () -> 7);
        try {
            procedures.migrations().run(id);
            return false;
        } catch (Crash e) {
            return true;
        }
    }

    private interface Trouble {
        void happen(Town town);
    }

    private static int walk(Trouble trouble) throws InterruptedException {
        for (int step = 0; step < STEPS_MAX; step++) {
            var town = Town.founded();
            var id = town.submit(FIRST, SECOND, Limits.DEFAULT);
            trouble.happen(town);
            var fuse = new Fuse(step);
            boolean crashed = crashes(town, id, fuse);
            var ended = town.procedures().migrations().run(id);
            assertThat(ended).as("crash at step %d", step).isInstanceOf(Finished.class);
            assertThat(town.nodes.breaches()).as("crash at step %d", step).isEmpty();
            assertThat(town.settled()).as("crash at step %d: %s", step, town.led()).isTrue();
            assertThat(town.store.<Boolean>read(catalog -> catalog.pinned(id))).isFalse();
            if (!crashed) {
                assertThat(fuse.blown()).isFalse();
                return step;
            }
        }
        throw new AssertionError("more than " + STEPS_MAX + " steps");
    }

    @Test
    void anotherDriverGoesOnFromEveryStepOfAHandover() throws InterruptedException {
        assertThat(walk(_ -> {})).isGreaterThan(15);
    }

    @Test
    void anotherDriverGoesOnFromEveryStepOfAReclaim() throws InterruptedException {
        assertThat(walk(town -> town.nodes.refuse(Order.HandOver.class, FIRST))).isGreaterThan(15);
    }
}
