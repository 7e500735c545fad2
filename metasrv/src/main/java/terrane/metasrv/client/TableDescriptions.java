package terrane.metasrv.client;

import terrane.core.TableId;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.TableRecord;
import terrane.wire.metasrv.ClientRequest.TableDescription;

import java.util.Optional;

/// Tables with their routes, out of the catalog.
final class TableDescriptions {
    private TableDescriptions() {}

    static Optional<TableDescription> of(Catalog catalog, TableId id) {
        return catalog.table(id)
                .map(TableRecord::table)
                .flatMap(table ->
                        catalog.route(id).map(route -> new TableDescription(table, route)));
    }
}
