package terrane.frontend.sql;

import terrane.core.ErrorCode;
import terrane.core.Randomness;
import terrane.core.TerraneException.Rejected;
import terrane.core.rows.RowBatch;
import terrane.core.time.Clock;
import terrane.frontend.route.CatalogCache;
import terrane.frontend.route.MetasrvClient;
import terrane.frontend.route.TableChanger;
import terrane.frontend.write.RegionWriter;
import terrane.frontend.write.TableRows;
import terrane.frontend.write.WriteKeys;
import terrane.query.statement.InsertRows;
import terrane.query.statement.Statement;
import terrane.query.statement.StatementParser;
import terrane.wire.metasrv.ClientRequest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Carries out the statements of one request, in order.
public final class SqlService {
    private static final Duration REFRESH_MAX = Duration.ofSeconds(3);

    /// Where tables are known and changed.
    public record Catalog(CatalogCache cache, TableChanger changer, MetasrvClient metasrv) {}

    /// Where rows go.
    public record Writes(RegionWriter writer, WriteKeys keys) {}

    private final Catalog catalog;
    private final Writes writes;
    private final SelectRunner selects;
    private final AdminFunctions admin;
    private final Clock clock;

    public SqlService(
            Catalog catalog,
            Writes writes,
            SelectRunner selects,
            Randomness randomness,
            Clock clock) {
        this.catalog = catalog;
        this.writes = writes;
        this.selects = selects;
        this.admin = new AdminFunctions(catalog.metasrv(), randomness);
        this.clock = clock;
    }

    /// @param key the client's own idempotency key, for its INSERTs
    /// @return one output for each statement
    /// @throws terrane.core.TerraneException for the first statement that fails; those before it
    ///   have been carried out
    public List<Output> run(String sql, String schema, Optional<String> key)
            throws InterruptedException {
        var outputs = new ArrayList<Output>();
        int number = 0;
        var current = schema;
        for (var statement : StatementParser.parse(sql, schema)) {
            if (statement instanceof Statement.Use use) {
                current = use.schema();
            }
            outputs.add(run(statement, current, keys(key, number++)));
        }
        return outputs;
    }

    private WriteKeys.RequestKeys keys(Optional<String> key, int statement) {
        return key.map(text -> WriteKeys.ofClient(text, statement)).orElseGet(writes.keys()::fresh);
    }

    private Output run(Statement statement, String schema, WriteKeys.RequestKeys keys)
            throws InterruptedException {
        return switch (statement) {
            case Statement.CreateTable create -> create(create);
            case Statement.DropTable drop -> {
                catalog.changer().drop(new ClientRequest.DropTable(drop.name(), drop.ifExists()));
                yield new Output.AffectedRows(0);
            }
            case Statement.AddColumns add -> addColumns(add);
            case Statement.Insert insert -> insert(insert, keys);
            case Statement.Admin order -> admin.run(order, schema);
            case Statement.ShowTables show -> ShowStatements.tables(show, catalog.cache());
            case Statement.ShowDatabases show -> ShowStatements.databases(show);
            case Statement.Describe describe ->
                    ShowStatements.describe(catalog.changer().existing(describe.table()));
            case Statement.ShowCreateTable show ->
                    ShowStatements.createTable(catalog.changer().existing(show.table()));
            case Statement.Use _ -> new Output.AffectedRows(0);
            case Statement.Select select -> new Output.Records(selects.run(select));
        };
    }

    private Output create(Statement.CreateTable create) throws InterruptedException {
        catalog.changer()
                .create(
                        new ClientRequest.CreateTable(
                                create.name(),
                                create.schema(),
                                create.partitions(),
                                create.options(),
                                create.ifNotExists()));
        return new Output.AffectedRows(0);
    }

    private Output addColumns(Statement.AddColumns add) throws InterruptedException {
        var columns =
                add.columns().stream()
                        .map(column ->
                                new ClientRequest.NewColumn(
                                        column.name(), column.type(), column.semantic()))
                        .toList();
        catalog.changer()
                .addColumns(new ClientRequest.AddColumns(add.table(), columns, add.ifNotExists()));
        return new Output.AffectedRows(0);
    }

    private Output insert(Statement.Insert insert, WriteKeys.RequestKeys keys)
            throws InterruptedException {
        var table = catalog.changer().existing(insert.table());
        List<RowBatch> batches;
        try {
            batches = InsertRows.bind(insert, table.schema(), clock.now());
        } catch (Rejected e) {
            if (e.code() != ErrorCode.COLUMN_NOT_FOUND) {
                throw e;
            }
            // Another frontend may have added the column a moment ago.
            catalog.cache().refresh(REFRESH_MAX);
            table = catalog.changer().existing(insert.table());
            batches = InsertRows.bind(insert, table.schema(), clock.now());
        }
        return new Output.AffectedRows(
                writes.writer().write(List.of(new TableRows(table, batches)), keys).rows());
    }
}
