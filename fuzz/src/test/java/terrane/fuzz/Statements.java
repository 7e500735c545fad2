package terrane.fuzz;

import terrane.core.TableId;
import terrane.core.catalog.PartitionRules;
import terrane.core.catalog.Table;
import terrane.core.catalog.TableSchema;
import terrane.core.rows.RowBatchCodec;
import terrane.query.statement.CreateTableText;
import terrane.query.statement.InsertRows;
import terrane.query.statement.Statement;
import terrane.query.statement.StatementParser;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/// Our SQL statements: a table that was read is written as SHOW CREATE TABLE does and read again,
/// an INSERT goes into a table of many types.
final class Statements {
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
    private static final TableSchema MANY_TYPES =
            created(
                            StatementParser.parse(
                                            """
                                            CREATE TABLE t (a STRING, b INT8, c UINT16, d BIGINT,
                                              e DOUBLE, f BOOLEAN, g BINARY, h TIMESTAMP(0),
                                              ts TIMESTAMP(3) TIME INDEX, PRIMARY KEY (a))
                                            """)
                                    .getFirst())
                    .schema();

    private Statements() {}

    static void read(byte[] input) {
        for (var statement : StatementParser.parse(new String(input, StandardCharsets.UTF_8))) {
            read(statement);
        }
    }

    private static void read(Statement statement) {
        switch (statement) {
            case Statement.CreateTable create -> writtenAgain(create);
            case Statement.Insert insert ->
                    InsertRows.bind(insert, MANY_TYPES, NOW)
                            .forEach(batch -> {
                                byte[] bytes = RowBatchCodec.encode(batch);
                                Same.bytes(
                                        bytes, RowBatchCodec.encode(RowBatchCodec.decode(bytes)));
                            });
            case Statement.Select select ->
                    StatementParser.parse(select.sql()).forEach(again -> same(select, again));
            case Statement.DropTable _,
                    Statement.AddColumns _,
                    Statement.Admin _,
                    Statement.ShowTables _,
                    Statement.ShowDatabases _,
                    Statement.Describe _,
                    Statement.ShowCreateTable _,
                    Statement.Use _ -> {}
        }
    }

    private static void same(Statement.Select select, Statement again) {
        if (!(again instanceof Statement.Select other) || !other.sql().equals(select.sql())) {
            throw new AssertionError("'%s' became '%s'".formatted(select.sql(), again));
        }
    }

    private static void writtenAgain(Statement.CreateTable create) {
        PartitionRules.validate(create.partitions(), create.schema());
        var text = CreateTableText.of(table(create));
        var again = created(StatementParser.parse(text).getFirst());
        if (!CreateTableText.of(table(again)).equals(text)
                || !again.schema().equals(create.schema())
                || !again.partitions().columns().equals(create.partitions().columns())) {
            throw new AssertionError("table became another: " + text + "\n" + create);
        }
    }

    private static Table table(Statement.CreateTable create) {
        return new Table(
                new TableId(1024),
                create.name(),
                create.schema(),
                create.partitions(),
                new TreeMap<>(create.options()));
    }

    private static Statement.CreateTable created(Statement statement) {
        if (statement instanceof Statement.CreateTable create) {
            return create;
        }
        throw new AssertionError("not a table: " + List.of(statement));
    }
}
