package terrane.e2e;

import static terrane.sim.table.Fault.CUT;
import static terrane.sim.table.Fault.DEAF;
import static terrane.sim.table.Fault.MUTE;
import static terrane.sim.table.Fault.PAUSE_LONG;
import static terrane.sim.table.Fault.RESTART;
import static terrane.sim.table.Moment.CATCHING_UP;
import static terrane.sim.table.Moment.FENCE_SENT;
import static terrane.sim.table.Moment.OPENING;
import static terrane.sim.table.Moment.RECLAIMING;
import static terrane.sim.table.Role.BROKER;
import static terrane.sim.table.Role.FRONTEND;
import static terrane.sim.table.Role.METASRV_FOLLOWER;
import static terrane.sim.table.Role.METASRV_LEADER;
import static terrane.sim.table.Role.SOURCE;
import static terrane.sim.table.Role.TARGET;

import terrane.sim.table.Cell;
import terrane.sim.table.End;
import terrane.sim.table.Expected;
import terrane.sim.table.Moment;
import terrane.sim.table.Role;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// The cells of the table of faults that tell most, tried with real processes.
final class TriedCell {
    /// Ten: each end in each state, the metasrv's leader, and a broker.
    static final List<Cell> ALWAYS =
            List.of(
                    new Cell(OPENING, TARGET, RESTART),
                    new Cell(OPENING, SOURCE, RESTART),
                    new Cell(OPENING, METASRV_LEADER, PAUSE_LONG),
                    new Cell(CATCHING_UP, SOURCE, RESTART),
                    new Cell(CATCHING_UP, TARGET, PAUSE_LONG),
                    new Cell(FENCE_SENT, SOURCE, RESTART),
                    new Cell(FENCE_SENT, SOURCE, PAUSE_LONG),
                    new Cell(FENCE_SENT, TARGET, RESTART),
                    new Cell(FENCE_SENT, BROKER, RESTART),
                    new Cell(RECLAIMING, TARGET, RESTART));

    static final List<Cell> MORE =
            List.of(
                    new Cell(OPENING, TARGET, PAUSE_LONG),
                    new Cell(OPENING, SOURCE, PAUSE_LONG),
                    new Cell(OPENING, METASRV_LEADER, RESTART),
                    new Cell(OPENING, BROKER, RESTART),
                    new Cell(OPENING, BROKER, PAUSE_LONG),
                    new Cell(OPENING, FRONTEND, RESTART),
                    new Cell(CATCHING_UP, SOURCE, PAUSE_LONG),
                    new Cell(CATCHING_UP, TARGET, RESTART),
                    new Cell(CATCHING_UP, METASRV_LEADER, RESTART),
                    new Cell(CATCHING_UP, METASRV_LEADER, PAUSE_LONG),
                    new Cell(CATCHING_UP, METASRV_FOLLOWER, RESTART),
                    new Cell(CATCHING_UP, BROKER, RESTART),
                    new Cell(CATCHING_UP, FRONTEND, RESTART),
                    new Cell(FENCE_SENT, TARGET, PAUSE_LONG),
                    new Cell(FENCE_SENT, METASRV_LEADER, RESTART),
                    new Cell(FENCE_SENT, METASRV_LEADER, PAUSE_LONG),
                    new Cell(FENCE_SENT, METASRV_FOLLOWER, PAUSE_LONG),
                    new Cell(FENCE_SENT, BROKER, PAUSE_LONG),
                    new Cell(FENCE_SENT, FRONTEND, RESTART),
                    new Cell(RECLAIMING, TARGET, PAUSE_LONG),
                    new Cell(RECLAIMING, METASRV_LEADER, RESTART),
                    new Cell(RECLAIMING, BROKER, RESTART));

    /// These need a host for every child.
    static final List<Cell> CUTS =
            List.of(
                    new Cell(CATCHING_UP, SOURCE, CUT),
                    new Cell(CATCHING_UP, TARGET, MUTE),
                    new Cell(FENCE_SENT, SOURCE, CUT),
                    new Cell(FENCE_SENT, SOURCE, MUTE),
                    new Cell(FENCE_SENT, TARGET, CUT),
                    new Cell(FENCE_SENT, METASRV_LEADER, CUT),
                    new Cell(FENCE_SENT, METASRV_LEADER, DEAF),
                    new Cell(RECLAIMING, TARGET, MUTE));

    private TriedCell() {}

    /// Handing over is made to last by a broker that stands still, for which alone the region may
    /// have to be reclaimed.
    static Set<End> expected(Cell cell) {
        var ends = EnumSet.copyOf(Expected.of(cell));
        if (cell.moment() == Moment.FENCE_SENT) {
            ends.add(End.RECLAIMED);
        }
        return ends;
    }

    /// Clients have one frontend and one broker, and what is cut off from these is away for them.
    static boolean clientsNotice(Cell cell) {
        return cell.role() == Role.BROKER || cell.role() == Role.FRONTEND || CUTS.contains(cell);
    }
}
