package terrane.query.select;

import java.util.List;

/// What `information_schema` says beyond the catalog. Each is asked for only by a query that names
/// it; `tables`, `columns` and `partitions` follow from [Tables].
public interface VirtualTables {
    List<VirtualRow.RegionPeer> regionPeers() throws InterruptedException;

    List<VirtualRow.Member> members() throws InterruptedException;

    List<VirtualRow.Procedure> procedures() throws InterruptedException;

    List<VirtualRow.RegionMigration> regionMigrations() throws InterruptedException;
}
