package terrane.metasrv.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import terrane.core.TerraneException.Rejected;
import terrane.core.catalog.Column;
import terrane.core.catalog.Column.Semantic;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.MergeMode;
import terrane.core.catalog.PartitionRule;
import terrane.core.catalog.TableName;
import terrane.core.catalog.TableSchema;
import terrane.wire.metasrv.ClientRequest.CreateTable;
import terrane.wire.metasrv.ClientRequest.NewColumn;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// Shows that no table gets columns that its files cannot hold, whichever way they come.
class SchemaRulesTest {
    private static final TableName CPU = TableName.of("cpu");

    private static TableSchema schema(String... fields) {
        var columns = new ArrayList<Column>();
        columns.add(
                new Column(1, "ts", ColumnType.TIMESTAMP_MILLISECOND, Semantic.TIMESTAMP, false));
        for (var field : fields) {
            int id = columns.size() + 1;
            columns.add(new Column(id, field, ColumnType.FLOAT64, Semantic.FIELD, true));
        }
        return new TableSchema(1, columns, MergeMode.LAST_ROW);
    }

    private static NewColumn field(String name) {
        return new NewColumn(name, ColumnType.FLOAT64, Semantic.FIELD);
    }

    private static void create(TableSchema schema) {
        SchemaRules.check(
                new CreateTable(CPU, schema, PartitionRule.SINGLE, new TreeMap<>(), false));
    }

    @Test
    void tableWhoseColumnsDifferInCaseAloneIsNotMade() {
        create(schema("load", "idle"));
        assertThatThrownBy(() -> create(schema("load", "Load")))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("in case alone");
    }

    @Test
    void columnThatDiffersInCaseAloneIsNotAdded() {
        var table = schema("load");
        assertThat(SchemaRules.extended(CPU, table, List.of(field("load")), true)).isEmpty();
        for (var added :
                List.of(
                        List.of(field("Load")),
                        List.of(field("TS")),
                        List.of(field("idle"), field("IDLE")))) {
            assertThatThrownBy(() -> SchemaRules.extended(CPU, table, added, true))
                    .isInstanceOf(Rejected.class)
                    .hasMessageContaining("in case alone");
        }
    }
}
