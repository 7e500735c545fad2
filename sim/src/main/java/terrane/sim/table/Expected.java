package terrane.sim.table;

import static terrane.sim.table.End.COMPLETED;
import static terrane.sim.table.End.RECLAIMED;
import static terrane.sim.table.End.ROLLED_BACK;

import java.util.EnumSet;
import java.util.Set;

/// How the protocol lets the migration of a cell end. Where it is definite there is one end; where
/// two things race, those that either leads to.
public final class Expected {
    private Expected() {}

    /// Never empty.
    public static Set<End> of(Cell cell) {
        return switch (cell.moment()) {
            case OPENING, TARGET_OPENS, CATCHING_UP, FROZEN -> beforeHandover(cell);
            case HANDING_OVER, PREPARED, FENCE_SENT -> handingOver(cell);
            case FENCE_LANDED, TARGET_LEADS -> fenced(cell);
            case RECLAIMING, CLAIMED, CLAIM_FENCED -> only(RECLAIMED);
            case COMPLETED -> only(COMPLETED);
            case ROLLED_BACK -> only(ROLLED_BACK);
        };
    }

    private static Set<End> only(End end) {
        return EnumSet.of(end);
    }

    /// The source acknowledges, under a lease that is renewed. A node is lost when it is silent for
    /// longer than its lease, or comes back as somebody else: the source's place is reclaimed, a
    /// target is done without.
    private static Set<End> beforeHandover(Cell cell) {
        return switch (cell.role()) {
            case METASRV_LEADER, METASRV_FOLLOWER, FRONTEND -> only(COMPLETED);
            case SOURCE -> lost(cell.fault(), RECLAIMED);
            case TARGET -> lost(cell.fault(), ROLLED_BACK);
            case BROKER, STORE -> service(cell.fault());
        };
    }

    private static Set<End> lost(Fault fault, End end) {
        return switch (fault) {
            case KILL, RESTART, PAUSE_LONG, SUSPEND, CUT, MUTE, NO_LEASE -> only(end);
            case PAUSE_SHORT, SLOW -> only(COMPLETED);
            // Its heartbeats arrive; whether its connections are given up before a lease is over is
            // a race of equal times.
            case DEAF -> EnumSet.allOf(End.class);
        };
    }

    /// Nobody is lost for it, but a target that cannot read is done without, and a source whose
    /// append has an unknown outcome gives up.
    private static Set<End> service(Fault fault) {
        return fault == Fault.PAUSE_SHORT ? only(COMPLETED) : EnumSet.allOf(End.class);
    }

    /// Whoever does not play its part until the source's lease is over has the region reclaimed.
    /// Who is slow races with that.
    private static Set<End> handingOver(Cell cell) {
        boolean sent = cell.moment() == Moment.FENCE_SENT;
        return switch (cell.role()) {
            case METASRV_FOLLOWER, FRONTEND, STORE -> only(COMPLETED);
            case METASRV_LEADER -> EnumSet.of(COMPLETED, RECLAIMED);
            case SOURCE ->
                    switch (cell.fault()) {
                        // A fence that was sent may land, whatever became of who sent it.
                        case KILL, RESTART, PAUSE_LONG, SUSPEND, CUT, MUTE, DEAF, NO_LEASE ->
                                sent ? EnumSet.of(COMPLETED, RECLAIMED) : only(RECLAIMED);
                        case PAUSE_SHORT -> only(COMPLETED);
                        case SLOW -> EnumSet.of(COMPLETED, RECLAIMED);
                    };
            case TARGET ->
                    switch (cell.fault()) {
                        case KILL, RESTART, PAUSE_LONG, SUSPEND, CUT, DEAF, MUTE, NO_LEASE ->
                                only(RECLAIMED);
                        case PAUSE_SHORT -> only(COMPLETED);
                        case SLOW -> EnumSet.of(COMPLETED, RECLAIMED);
                    };
            case BROKER ->
                    cell.fault() == Fault.PAUSE_SHORT
                            ? only(COMPLETED)
                            : EnumSet.of(COMPLETED, RECLAIMED);
        };
    }

    /// The right has passed: nothing is asked of the source any more.
    private static Set<End> fenced(Cell cell) {
        boolean leads = cell.moment() == Moment.TARGET_LEADS;
        return switch (cell.role()) {
            case SOURCE, METASRV_FOLLOWER, FRONTEND, STORE -> only(COMPLETED);
            case METASRV_LEADER -> EnumSet.of(COMPLETED, RECLAIMED);
            case TARGET ->
                    switch (cell.fault()) {
                        case PAUSE_SHORT -> only(COMPLETED);
                        case SLOW -> EnumSet.of(COMPLETED, RECLAIMED);
                        // Its word may be under way.
                        case KILL, RESTART, PAUSE_LONG, SUSPEND, CUT, DEAF, MUTE, NO_LEASE ->
                                leads ? EnumSet.of(COMPLETED, RECLAIMED) : only(RECLAIMED);
                    };
            case BROKER ->
                    leads || cell.fault() == Fault.PAUSE_SHORT
                            ? only(COMPLETED)
                            : EnumSet.of(COMPLETED, RECLAIMED);
        };
    }
}
