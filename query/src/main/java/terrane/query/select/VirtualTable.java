package terrane.query.select;

import static terrane.core.catalog.ColumnType.BOOLEAN;
import static terrane.core.catalog.ColumnType.FLOAT64;
import static terrane.core.catalog.ColumnType.INT64;
import static terrane.core.catalog.ColumnType.STRING;
import static terrane.core.catalog.ColumnType.TIMESTAMP_MILLISECOND;
import static terrane.core.catalog.ColumnType.UINT64;

import terrane.core.catalog.ColumnType;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The tables of `information_schema`: names and columns as GreptimeDB has them, as far as there is
/// something to say, then ours. The rows are those of [VirtualTables], in the same column order.
public enum VirtualTable {
    TABLES(
            "tables",
            column("table_catalog", STRING),
            column("table_schema", STRING),
            column("table_name", STRING),
            column("table_type", STRING),
            column("table_id", UINT64),
            column("engine", STRING),
            column("create_options", STRING),
            column("region_count", UINT64)),
    COLUMNS(
            "columns",
            column("table_catalog", STRING),
            column("table_schema", STRING),
            column("table_name", STRING),
            column("column_name", STRING),
            column("ordinal_position", INT64),
            column("data_type", STRING),
            column("greptime_data_type", STRING),
            column("semantic_type", STRING),
            column("is_nullable", STRING),
            column("column_key", STRING)),
    PARTITIONS(
            "partitions",
            column("table_catalog", STRING),
            column("table_schema", STRING),
            column("table_name", STRING),
            column("partition_name", STRING),
            column("partition_ordinal_position", INT64),
            column("partition_method", STRING),
            column("partition_expression", STRING),
            column("partition_description", STRING),
            column("greptime_partition_id", UINT64)),
    REGION_PEERS(
            "region_peers",
            column("table_catalog", STRING),
            column("table_schema", STRING),
            column("table_name", STRING),
            column("region_id", UINT64),
            column("peer_id", UINT64),
            column("peer_addr", STRING),
            column("is_leader", STRING),
            column("status", STRING),
            column("down_seconds", INT64)),
    CLUSTER_INFO(
            "cluster_info",
            column("peer_id", INT64),
            column("peer_type", STRING),
            column("peer_addr", STRING),
            column("http_addr", STRING),
            column("version", STRING),
            column("start_time", TIMESTAMP_MILLISECOND),
            column("last_seen", TIMESTAMP_MILLISECOND),
            column("node_status", STRING),
            column("is_leader", STRING),
            column("regions", INT64)),
    PROCEDURE_INFO(
            "procedure_info",
            column("procedure_id", STRING),
            column("procedure_type", STRING),
            column("start_time", TIMESTAMP_MILLISECOND),
            column("end_time", TIMESTAMP_MILLISECOND),
            column("status", STRING),
            column("error", STRING),
            column("stage", STRING),
            column("region_id", UINT64),
            column("lag_records", INT64)),
    REGION_MIGRATIONS(
            "region_migrations",
            column("procedure_id", STRING),
            column("procedure_type", STRING),
            column("region_id", UINT64),
            column("source_peer_id", UINT64),
            column("target_peer_id", UINT64),
            column("start_time", TIMESTAMP_MILLISECOND),
            column("end_time", TIMESTAMP_MILLISECOND),
            column("status", STRING),
            column("error", STRING),
            column("stage", STRING),
            column("stages", STRING),
            column("lag_records", INT64),
            column("predicted_gap_ms", FLOAT64),
            column("write_gap_ms", FLOAT64),
            column("certificate", STRING),
            column("certificate_agreed", BOOLEAN));

    /// The schema in which all of them are.
    public static final String SCHEMA = "information_schema";

    /// A column, by name and type.
    public record VirtualColumn(String name, ColumnType type) {}

    private final String table;

    @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable, its type does not say so
    private final List<VirtualColumn> columns;

    VirtualTable(String table, VirtualColumn... columns) {
        this.table = table;
        this.columns = List.of(columns);
    }

    /// Its name, without the schema.
    public String table() {
        return table;
    }

    public List<VirtualColumn> columns() {
        return columns;
    }

    /// @param table a name without a schema, in any case
    public static Optional<VirtualTable> of(String table) {
        return Arrays.stream(values())
                .filter(virtual -> virtual.table.equalsIgnoreCase(table))
                .findFirst();
    }

    private static VirtualColumn column(String name, ColumnType type) {
        return new VirtualColumn(name, type);
    }
}
