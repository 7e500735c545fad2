package terrane.datanode.region;

import terrane.core.ErrorCode;
import terrane.core.ProcedureId;
import terrane.core.TerraneException;

import java.util.LinkedHashSet;
import java.util.Set;

/// Procedures that are past following and handing over, as far as this node was told. An order of
/// theirs that comes late would open a copy that nobody closes, or freeze a manifest that nobody
/// thaws.
final class EndedProcedures {
    /// A late order is late by seconds, in which far fewer procedures end; 100 bytes each.
    private static final int REMEMBERED_MAX = 4_096;

    private final Set<ProcedureId> ended = new LinkedHashSet<>();

    synchronized void add(ProcedureId procedure) {
        ended.add(procedure);
        if (ended.size() > REMEMBERED_MAX) {
            ended.remove(ended.iterator().next());
        }
    }

    synchronized boolean contains(ProcedureId procedure) {
        return ended.contains(procedure);
    }

    /// @throws TerraneException.Rejected if the procedure has ended
    void refuse(ProcedureId procedure) {
        if (contains(procedure)) {
            throw TerraneException.rejected(
                    ErrorCode.PROCEDURE_NOT_FOUND,
                    "the order is late, its procedure is past that: procedure=%s",
                    procedure);
        }
    }
}
