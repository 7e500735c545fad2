package terrane.core.catalog;

import terrane.core.ErrorCode;

/// How it is known what of the WAL is still needed.
final class LogChanges {
    private LogChanges() {}

    static Applied flushed(Catalog catalog, Change.CommitFlushed change) {
        for (var flushed : change.regions()) {
            var region = catalog.regions.get(flushed.region());
            if (region != null && region.flushed().isBelow(flushed.offset())) {
                catalog.regions.put(region.id(), region.withFlushed(flushed.offset()));
            }
        }
        return catalog.done();
    }

    static Applied pin(Catalog catalog, Change.Pin change) {
        var procedure = catalog.procedures.get(change.procedure());
        if (!(procedure instanceof Procedure.Migrating migrating)) {
            return new Applied.Refused(
                    ErrorCode.PROCEDURE_NOT_FOUND, "no such procedure: " + change.procedure());
        }
        var region = catalog.regions.get(migrating.plan().region());
        if (migrating.finished() || region == null) {
            return new Applied.Stale("the procedure has ended: " + change.procedure());
        }
        // A second pin of the same procedure must not let go of what the first one holds.
        catalog.pins.putIfAbsent(
                migrating.id(), new PrunePin(region.id(), region.wal(), region.flushed()));
        return catalog.changed();
    }

    static Applied unpin(Catalog catalog, Change.Unpin change) {
        catalog.pins.remove(change.procedure());
        return catalog.changed();
    }
}
