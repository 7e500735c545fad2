package terrane.core.catalog;

import terrane.core.Epoch;
import terrane.core.Incarnation;
import terrane.core.Node;
import terrane.core.TableId;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a catalog has to forget, and what it has to skip, when it comes back from a backup: what
/// was decided after the backup was taken is not known any more, but may be in the log, on storage,
/// and in the memory of nodes that run on.
final class Restoration {
    /// Far more epochs than a region was given since the backup: one each millisecond for 34 years.
    /// A fence of a restored region is therefore above every fence in its log.
    static final long EPOCHS = 1L << 40;

    /// More tables than were made since the backup. Their ids name files and records of the log,
    /// which are not to become those of another table.
    static final int TABLES = 1 << 20;

    /// More changes than were made since the backup, so that everybody who watches is behind.
    static final long VERSIONS = 1L << 40;

    /// No process has it: real ones are 128 random bits.
    private static final Incarnation NOBODY = new Incarnation(0, 0);

    private Restoration() {}

    static void apply(Catalog catalog, Instant at) {
        catalog.version += VERSIONS;
        catalog.dropped.clear();
        catalog.droppedFloor = catalog.version; // whoever watches gets everything anew
        catalog.nextTable = new TableId(catalog.nextTable.value() + TABLES);
        for (var region : List.copyOf(catalog.regions.values())) {
            MigrationChanges.cancel(catalog, region, "the metadata were restored", at);
            catalog.regions.put(region.id(), leaderless(region));
        }
        for (var record : List.copyOf(catalog.tables.values())) {
            catalog.touch(record.table(), true);
        }
    }

    /// Led by nobody who lives, so that a failover gives it to somebody under a fresh epoch. Who
    /// led it when the backup was taken is not asked: that may be somebody who slept through the
    /// loss of it and would wake up with a lease.
    private static RegionRecord leaderless(RegionRecord region) {
        var epoch = new Epoch(region.lastEpoch().value() + EPOCHS);
        var peer =
                switch (region.leadership()) {
                    case Leadership.Led led -> led.leader().peer();
                    case Leadership.HandingOver h -> h.target().peer();
                    case Leadership.Reclaiming r -> r.claimant().peer();
                };
        return new RegionRecord(
                region.id(),
                region.wal(),
                new Leadership.Led(new Node(peer, NOBODY), epoch),
                epoch,
                Optional.empty(),
                region.flushed());
    }
}
