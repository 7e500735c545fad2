package terrane.cli.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// That a text is cut where a statement ends, and nowhere else.
class StatementsTest {
    @Test
    void statementsEndAtSemicolons() {
        var cut = Statements.cut("SELECT 1; ;SELECT 2;\n SELECT");

        assertThat(cut.whole()).containsExactly("SELECT 1", "SELECT 2");
        assertThat(cut.rest()).isEqualTo("\n SELECT");
    }

    @Test
    void semicolonsInQuotesAndCommentsEndNothing() {
        var text = "SELECT ';', \"a;b\", 'it''s; so' -- no; end\n/* not; here */ FROM t;";

        var cut = Statements.cut(text);

        assertThat(cut.whole()).containsExactly(text.substring(0, text.length() - 1));
        assertThat(cut.rest()).isEmpty();
    }

    @Test
    void anOpenQuoteLastsToTheEnd() {
        assertThat(Statements.cut("SELECT 'a; b").whole()).isEmpty();
    }
}
