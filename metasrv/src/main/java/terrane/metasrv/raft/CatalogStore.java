package terrane.metasrv.raft;

import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.catalog.Applied;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.Change;
import terrane.core.time.Clock;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/// The catalog as this member has applied it, and the way to change it. Safe for many threads.
public interface CatalogStore extends AutoCloseable {
    /// Has a majority store the change and applies it; blocks until then.
    ///
    /// @return what became of it: the same on every member
    /// @throws terrane.core.TerraneException.NotLeader if this member does not lead; nothing was
    ///   changed
    /// @throws terrane.core.TerraneException.Uncertain if it may be applied, now or later
    Applied commit(Change change) throws InterruptedException;

    /// Asks the catalog, while nothing is applied to it. What is returned must not be a view of it.
    /// On a leader the answer contains everything that was committed before [#leadingTerm] was
    /// present; on others it may be old.
    <T> T read(Function<Catalog, T> question);

    /// Waits until the catalog's version is greater than `version`, at most for `atMost`.
    ///
    /// @return whether it is
    boolean awaitChange(long version, Duration atMost) throws InterruptedException;

    /// The Raft term in which this member leads; present only once an entry of that term is
    /// applied. It may have been deposed a moment ago: only [#commit] proves that it was not.
    OptionalLong leadingTerm();

    /// Where the leader answers requests, as far as this member knows; also if it is itself. Empty
    /// on a member that has not heard of its leader for longer than an election waits.
    Optional<Member> leader();

    /// Whether the member has answered this leader within the last second or two; always false on a
    /// member that does not lead. For people.
    default boolean reachable(Member member) {
        return false;
    }

    /// All members as of now, in order of their ids.
    List<Member> members();

    /// Puts a member in the place of another, which is dead for good. Blocks until the new one,
    /// which was started to join, has everything and a majority of both groups has agreed.
    ///
    /// @throws terrane.core.TerraneException.NotLeader if this member does not lead
    /// @throws terrane.core.TerraneException.Rejected if those that stay and answer are no majority
    ///   by themselves, or there is no such member; nothing was changed
    /// @throws terrane.core.TerraneException.Unavailable if the new member could not be reached or
    ///   brought up to date; nothing was changed
    /// @throws terrane.core.TerraneException.Uncertain if it may come to be
    default void replace(String dead, Member successor) throws InterruptedException {
        throw TerraneException.rejected(
                ErrorCode.UNSUPPORTED, "the members of this group are fixed");
    }

    /// Blocks until this member can never take part again in this process, which one whose folder
    /// is sound always can.
    ///
    /// @return why not
    default TerraneException awaitOver() throws InterruptedException {
        new CountDownLatch(1).await();
        throw new IllegalStateException("nobody counts down");
    }

    /// One metasrv as others reach it.
    record Member(String id, Address rpc, Address http, Address raft) {
        private static final String EXAMPLE = "3:meta-3:3001:3002:3003";

        /// As in `metasrv.members`: `id:host:rpc port:http port:raft port`.
        ///
        /// @throws TerraneException.Rejected if it is not of that form
        public static Member parse(String text) {
            var parts = text.split(":", -1);
            if (parts.length != 5 || parts[0].isBlank()) {
                throw TerraneException.rejected(
                        ErrorCode.INVALID_ARGUMENT,
                        "not a metasrv member: '%s' (example: %s)",
                        text,
                        EXAMPLE);
            }
            return new Member(
                    parts[0],
                    Address.parse(parts[1] + ":" + parts[2]),
                    Address.parse(parts[1] + ":" + parts[3]),
                    Address.parse(parts[1] + ":" + parts[4]));
        }
    }

    /// Leaves the others; what is stored stays.
    @Override
    void close();

    /// Makes this member take part.
    interface Opener {
        /// Loads what is stored and takes part from then on.
        ///
        /// @param leadershipMayHaveChanged is told whenever it is worth looking at [#leadingTerm];
        ///   returns at once
        CatalogStore open(
                RaftCatalogStore.Config config, Clock clock, Runnable leadershipMayHaveChanged);
    }

    /// A round over a quorum that begins now: proves, once it returns, that nobody had deposed this
    /// leader when it was called.
    default void quorumRound() throws InterruptedException {
        commit(new Change.Noop());
    }
}
