package terrane.sim.table;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Which cells there are.
public final class Table {
    private Table() {}

    /// Every cell that means something, by moment, role and fault.
    public static List<Cell> cells() {
        return Stream.of(Moment.values()).flatMap(Table::cells).toList();
    }

    private static Stream<Cell> cells(Moment moment) {
        return Stream.of(Role.values())
                .flatMap(role ->
                        Stream.of(Fault.values())
                                .filter(fault -> senseless(role, fault).isEmpty())
                                .map(fault -> new Cell(moment, role, fault)));
    }

    /// Why a role is not hit by a fault, if it is not.
    public static Optional<String> senseless(Role role, Fault fault) {
        if (fault == Fault.NO_LEASE) {
            boolean holds = role == Role.SOURCE || role == Role.TARGET;
            return holds ? Optional.empty() : Optional.of("it holds none");
        }
        return role.isHost() ? Optional.empty() : senseless(fault);
    }

    private static Optional<String> senseless(Fault service) {
        return switch (service) {
            case RESTART, PAUSE_LONG, SUSPEND ->
                    Optional.of("what it has is durable, so it is the same as killed");
            case CUT -> Optional.of("from all others: the same as killed");
            case KILL, PAUSE_SHORT, DEAF, MUTE, SLOW, NO_LEASE -> Optional.empty();
        };
    }
}
