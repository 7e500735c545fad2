package terrane.frontend.write;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.catalog.PartitionRule;
import terrane.core.catalog.Table;
import terrane.core.catalog.TableName;
import terrane.frontend.lineprotocol.Points;
import terrane.frontend.lineprotocol.Points.PointColumn;
import terrane.frontend.lineprotocol.PointsBinder;
import terrane.frontend.route.CatalogCache;
import terrane.frontend.route.TableChanger;
import terrane.wire.metasrv.ClientRequest.AddColumns;
import terrane.wire.metasrv.ClientRequest.CreateTable;
import terrane.wire.metasrv.ClientRequest.NewColumn;

import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/// Tables and columns that come into being when points for them arrive.
public final class ArrivingTables {
    /// Others may create and alter the same table at the same time; each round is a change of
    /// theirs that was in the way.
    private static final int ROUNDS_MAX = 8;

    private final CatalogCache cache;
    private final TableChanger changer;

    /// One change at a time: a thousand clients that bring the same new field make one change.
    private final ReentrantLock changing = new ReentrantLock();

    public ArrivingTables(CatalogCache cache, TableChanger changer) {
        this.cache = cache;
        this.changer = changer;
    }

    /// @throws TerraneException.Rejected if the points cannot be written, as far as is known
    ///   without changing anything
    public void check(Points points) {
        var table = cache.table(TableName.of(points.measurement()));
        if (table.isEmpty()) {
            PointsBinder.newSchema(points);
        } else {
            PointsBinder.missing(points, table.get().schema());
        }
    }

    /// The points as rows of their table, which has every column afterwards.
    ///
    /// @throws TerraneException.Rejected if a column is there with another type; nothing is changed
    public TableRows bind(Points points) throws InterruptedException {
        var name = TableName.of(points.measurement());
        for (int round = 0; round < ROUNDS_MAX; round++) {
            var table = cache.table(name);
            if (table.isPresent() && missing(points, table.get()).isEmpty()) {
                var schema = table.get().schema();
                return new TableRows(table.get(), PointsBinder.bind(points, schema));
            }
            changing.lockInterruptibly();
            try {
                change(points, name);
            } finally {
                changing.unlock();
            }
        }
        throw TerraneException.unavailable(
                ErrorCode.OVERLOADED, "table '%s' changes all the time", points.measurement());
    }

    private static List<PointColumn> missing(Points points, Table table) {
        return PointsBinder.missing(points, table.schema());
    }

    private void change(Points points, TableName name) throws InterruptedException {
        var table = cache.table(name);
        if (table.isEmpty()) {
            var options = new TreeMap<String, String>();
            options.put("merge_mode", "last_non_null");
            changer.create(
                    new CreateTable(
                            name,
                            PointsBinder.newSchema(points),
                            PartitionRule.SINGLE,
                            options,
                            true));
            return;
        }
        var columns = missing(points, table.get()).stream().map(ArrivingTables::column).toList();
        if (!columns.isEmpty()) {
            changer.addColumns(new AddColumns(name, columns, true));
        }
    }

    private static NewColumn column(PointColumn column) {
        var kind = column.kind();
        return new NewColumn(column.name(), kind.type(), kind.semantic());
    }
}
