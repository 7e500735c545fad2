package terrane.metasrv.raft;

import org.apache.ratis.protocol.exceptions.ReconfigurationInProgressException;
import org.apache.ratis.protocol.exceptions.ReconfigurationTimeoutException;
import org.jspecify.annotations.Nullable;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.metasrv.raft.CatalogStore.Member;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// Whether a member may take the place of another.
final class Succession {
    private Succession() {}

    /// @param self the leader, who is asked
    /// @return the members afterwards
    static List<Member> next(
            List<Member> members, String self, String dead, Member successor, CatalogStore store) {
        if (members.stream().noneMatch(member -> member.id().equals(dead))) {
            throw refused("no such metasrv: id=%s members=%s", dead, ids(members));
        }
        if (dead.equals(self)) {
            throw refused("the leader cannot replace itself, stop it first: id=%s", dead);
        }
        if (members.stream().anyMatch(member -> member.id().equals(successor.id()))) {
            throw refused("the id is in use, choose a new one: id=%s", successor.id());
        }
        var stay = members.stream().filter(member -> !member.id().equals(dead)).toList();
        var answer =
                stay.stream()
                        .filter(member -> member.id().equals(self) || store.reachable(member))
                        .toList();
        if (answer.size() <= members.size() / 2) {
            throw refused(
                    "those that stay and answer are no majority: members=%s answer=%s",
                    ids(members), ids(answer));
        }
        return Stream.concat(stay.stream(), Stream.of(successor)).toList();
    }

    private static List<String> ids(List<Member> members) {
        return members.stream().map(Member::id).toList();
    }

    private static TerraneException.Rejected refused(String format, Object... args) {
        return TerraneException.rejected(ErrorCode.INVALID_ARGUMENT, format, args);
    }

    /// What Ratis says of a change of members that it did not make.
    static TerraneException failure(@Nullable Exception cause) {
        boolean unchanged =
                cause instanceof ReconfigurationTimeoutException
                        || cause instanceof ReconfigurationInProgressException;
        return unchanged
                ? new TerraneException.Unavailable(
                        ErrorCode.UNREACHABLE,
                        "the new metasrv was not brought up to date: is it running, with"
                                + " metasrv.join=true and an empty folder?",
                        Duration.ofSeconds(1),
                        cause)
                : new TerraneException.Uncertain(
                        ErrorCode.OUTCOME_UNKNOWN,
                        "it is not known whether the metasrv is replaced",
                        cause);
    }
}
