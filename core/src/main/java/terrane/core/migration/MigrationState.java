package terrane.core.migration;

import terrane.core.Epoch;
import terrane.core.Node;

/// What is true of the world while a region changes hands.
public sealed interface MigrationState {
    /// The target opens the region as a follower. Clients notice nothing.
    record Opening() implements MigrationState {}

    /// The target replays the WAL behind the source, which still acknowledges writes.
    record CatchingUp() implements MigrationState {}

    /// At one offset, chosen by the source, the right to acknowledge passes to the target. Clients
    /// see latency, never an error.
    ///
    /// @param source the leader under the epoch before `next`, which is renewed no more
    /// @param next bound to `target`'s incarnation; takes effect with its fence
    record HandingOver(Node source, Node target, Epoch next) implements MigrationState {}

    /// Older leases may still run out; then nobody acknowledges until `claimant` leads. Clients'
    /// writes are held.
    ///
    /// @param epoch bound to `claimant`'s incarnation; every entry into this state has a fresh one
    record Reclaiming(Node claimant, Epoch epoch) implements MigrationState {}

    /// Nothing is left to do for this migration.
    sealed interface Finished extends MigrationState {}

    /// The target leads and serves.
    record Completed() implements Finished {}

    /// The region is served, but not by the target.
    ///
    /// @param reason for people: what stood in the way
    record RolledBack(String reason, Ending ending) implements Finished {}

    /// How a migration that did not complete is reported.
    enum Ending {
        FAILED(1),
        CANCELLED(2),
        /// A dry run that ended as it should.
        DRY_RUN(3);

        private final int tag;

        Ending(int tag) {
            this.tag = tag;
        }

        public int tag() {
            return tag;
        }

        public static java.util.Optional<Ending> ofTag(int tag) {
            return java.util.Arrays.stream(values()).filter(e -> e.tag == tag).findFirst();
        }
    }
}
