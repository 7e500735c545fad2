package terrane.query.select;

import terrane.core.catalog.Column;
import terrane.core.catalog.Table;
import terrane.query.statement.CreateTableText;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The rows of `information_schema`: three tables follow from the catalog, the others are asked
/// for.
final class VirtualContent {
    private VirtualContent() {}

    static List<? extends VirtualRow> rows(VirtualTable table, Tables tables, VirtualTables virtual)
            throws InterruptedException {
        return switch (table) {
            case TABLES -> tables.all().stream().map(VirtualContent::table).toList();
            case COLUMNS -> tables.all().stream().flatMap(VirtualContent::columns).toList();
            case PARTITIONS -> tables.all().stream().flatMap(VirtualContent::partitions).toList();
            case REGION_PEERS -> virtual.regionPeers();
            case CLUSTER_INFO -> virtual.members();
            case PROCEDURE_INFO -> virtual.procedures();
            case REGION_MIGRATIONS -> virtual.regionMigrations();
        };
    }

    private static VirtualRow table(Table table) {
        String options =
                table.options().entrySet().stream()
                        .map(option -> option.getKey() + "=" + option.getValue())
                        .collect(Collectors.joining(" "));
        return new VirtualRow.OfCatalog(
                VirtualRow.row(
                        table.name().catalog(),
                        table.name().schema(),
                        table.name().table(),
                        "BASE TABLE",
                        VirtualRow.unsigned(table.id()),
                        "mito",
                        options,
                        (long) table.partitions().regionCount()));
    }

    private static Stream<VirtualRow> columns(Table table) {
        var rows = new ArrayList<VirtualRow>();
        for (var column : table.schema().columns()) {
            rows.add(
                    new VirtualRow.OfCatalog(
                            VirtualRow.row(
                                    table.name().catalog(),
                                    table.name().schema(),
                                    table.name().table(),
                                    column.name(),
                                    rows.size() + 1L,
                                    CreateTableText.type(column.type())
                                            .toLowerCase(java.util.Locale.ROOT),
                                    column.type().label(),
                                    column.semantic().name(),
                                    VirtualRow.yesOrNo(column.nullable()),
                                    key(column))));
        }
        return rows.stream();
    }

    private static String key(Column column) {
        return switch (column.semantic()) {
            case TAG -> "PRI";
            case TIMESTAMP -> "TIME INDEX";
            case FIELD -> "";
        };
    }

    private static Stream<VirtualRow> partitions(Table table) {
        var rule = table.partitions();
        String columns = String.join(", ", rule.columns());
        return IntStream.range(0, rule.regionCount())
                .mapToObj(number ->
                        new VirtualRow.OfCatalog(
                                VirtualRow.row(
                                        table.name().catalog(),
                                        table.name().schema(),
                                        table.name().table(),
                                        "p" + number,
                                        number + 1L,
                                        rule.regions().isEmpty() ? null : "RANGE",
                                        rule.regions().isEmpty() ? null : columns,
                                        rule.regions().isEmpty()
                                                ? null
                                                : CreateTableText.of(
                                                        rule.regions().get(number), table.schema()),
                                        table.id().region(number).value())));
    }
}
