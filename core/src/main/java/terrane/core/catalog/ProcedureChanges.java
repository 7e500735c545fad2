package terrane.core.catalog;

import terrane.core.ProcedureId;

import java.util.Optional;

/// How procedures are remembered, and when they are forgotten.
final class ProcedureChanges {
    /// 1000 migrations at about 1 KiB are 1 MiB of memory and of each snapshot.
    static final int FINISHED_MAX = 1000;

    /// Remembered for longer than any client repeats itself: 10,000 at about 100 bytes are 1 MiB.
    static final int REQUEST_IDS_MAX = 10_000;

    private ProcedureChanges() {}

    static void add(Catalog catalog, Procedure procedure) {
        catalog.procedures.put(procedure.id(), procedure);
        long finished = catalog.procedures.values().stream().filter(Procedure::finished).count();
        if (finished > FINISHED_MAX) {
            oldestFinished(catalog)
                    .ifPresent(id -> {
                        catalog.procedures.remove(id);
                        catalog.pins.remove(id);
                    });
        }
    }

    private static Optional<ProcedureId> oldestFinished(Catalog catalog) {
        return catalog.procedures.values().stream()
                .filter(Procedure::finished)
                .map(Procedure::id)
                .findFirst();
    }

    static void remember(Catalog catalog, String requestId, ProcedureId procedure) {
        catalog.requests.put(requestId, procedure);
        if (catalog.requests.size() > REQUEST_IDS_MAX) {
            catalog.requests.pollFirstEntry();
        }
    }
}
