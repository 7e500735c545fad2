package terrane.cli.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import terrane.cli.client.SqlAnswer;
import terrane.cli.client.SqlAnswer.Column;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.util.List;

/// That values read as people expect them.
class AnswerTextTest {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static String cell(String type, JsonNode value) {
        var rows = new SqlAnswer.Rows(List.of(new Column("c", type)), List.of(List.of(value)));
        return AnswerText.of(rows).lines().skip(2).findFirst().orElseThrow().strip();
    }

    @Test
    void timesAreShownInTheirOwnUnit() {
        assertThat(cell("TimestampSecond", JSON.numberNode(0L))).isEqualTo("1970-01-01 00:00:00");
        assertThat(cell("TimestampMillisecond", JSON.numberNode(-1L)))
                .isEqualTo("1969-12-31 23:59:59.999");
        assertThat(cell("TimestampMicrosecond", JSON.numberNode(1_000_001L)))
                .isEqualTo("1970-01-01 00:00:01.000001");
        assertThat(cell("TimestampNanosecond", JSON.numberNode(Long.MAX_VALUE)))
                .isEqualTo("2262-04-11 23:47:16.854775807");
        assertThat(cell("TimestampSecond", JSON.numberNode(Long.MIN_VALUE)))
                .isEqualTo("-9223372036854775808");
    }

    @Test
    void nothingIsShownForNullAndLettersForTruth() {
        assertThat(cell("String", JSON.nullNode())).isEmpty();
        assertThat(cell("Boolean", JSON.booleanNode(true))).isEqualTo("t");
    }

    @Test
    void changesSayHowManyRowsTheyTouched() {
        assertThat(AnswerText.of(new SqlAnswer.Affected(1))).isEqualTo("1 row affected\n");
        assertThat(AnswerText.of(new SqlAnswer.Affected(3))).isEqualTo("3 rows affected\n");
    }

    @Test
    void backslashCommandsStandForStatements() {
        assertThat(Shortcuts.statement("\\dt")).contains("SHOW TABLES");
        assertThat(Shortcuts.statement("\\d cpu;")).contains("DESCRIBE TABLE cpu");
        assertThat(Shortcuts.statement("\\x")).isEmpty();
    }
}
