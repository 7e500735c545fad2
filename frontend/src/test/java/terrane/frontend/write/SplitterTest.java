package terrane.frontend.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import terrane.core.ErrorCode;
import terrane.core.TableId;
import terrane.core.TerraneException.Rejected;
import terrane.core.catalog.Column;
import terrane.core.catalog.Column.Semantic;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.MergeMode;
import terrane.core.catalog.PartitionRule;
import terrane.core.catalog.Table;
import terrane.core.catalog.TableName;
import terrane.core.catalog.TableSchema;
import terrane.core.rows.ColumnValues.Bytes;
import terrane.core.rows.RowBatchBuilder;
import terrane.core.rows.RowBatchCodec;
import terrane.frontend.route.Partitions;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// Shows that parts are small enough, numbered, in order, and that nothing gets lost between them.
class SplitterTest {
    private static final Table TABLE =
            new Table(
                    TableId.FIRST,
                    TableName.of("log"),
                    new TableSchema(
                            1,
                            List.of(
                                    new Column(
                                            1,
                                            "ts",
                                            ColumnType.TIMESTAMP_SECOND,
                                            Semantic.TIMESTAMP,
                                            false),
                                    new Column(2, "text", ColumnType.STRING, Semantic.FIELD, true)),
                            MergeMode.APPEND),
                    PartitionRule.SINGLE,
                    new TreeMap<>());

    private static List<Part> split(String... texts) {
        var builder = new RowBatchBuilder(1);
        var time = builder.column(1, ColumnType.TIMESTAMP_SECOND);
        var text = builder.column(2, ColumnType.STRING);
        for (int i = 0; i < texts.length; i++) {
            builder.addRow();
            time.put(i);
            text.put(texts[i]);
        }
        var rows = new TableRows(TABLE, List.of(builder.build()));
        var parts = Splitter.split(List.of(rows), Partitions::new);
        return parts.getOrDefault(TableId.FIRST.region(0), List.of());
    }

    @Test
    void largeBatchBecomesNumberedParts() {
        var texts = new String[60];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = "x".repeat(i % 7 == 0 ? 700_000 : 10_000) + i;
        }
        var parts = split(texts);
        var seen = new ArrayList<String>();
        for (int i = 0; i < parts.size(); i++) {
            assertThat(parts.get(i).number()).isEqualTo(i);
            assertThat(parts.get(i).batch()).hasSizeLessThanOrEqualTo(Splitter.PART_BYTES_MAX);
            var batch = RowBatchCodec.decode(parts.get(i).batch());
            assertThat(batch.rowCount()).isEqualTo(parts.get(i).rowCount());
            var column = (Bytes) batch.column(2).orElseThrow();
            for (int code : column.codes()) {
                seen.add(new String(column.dictionary()[code], StandardCharsets.UTF_8));
            }
        }
        assertThat(seen).containsExactly(texts);
    }

    @Test
    void singleRowMayBeLargerThanAPart() {
        assertThat(split("x".repeat(2 << 20))).hasSize(1);
    }

    @Test
    void rowThatFitsIntoNoRecordIsRejected() {
        assertThatThrownBy(() -> split("a", "x".repeat(5 << 20)))
                .isInstanceOfSatisfying(
                        Rejected.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
    }
}
