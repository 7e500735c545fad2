package terrane.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import terrane.cli.screen.TextTable.Align;

import java.util.List;

/// That tables look as psql's do.
class TextTableTest {
    private static TextTable table() {
        return new TextTable().column("host", Align.LEFT).column("usage", Align.RIGHT);
    }

    @Test
    void columnsAreAsWideAsTheirWidestCellAndNumbersStandRight() {
        var table = table();
        table.row(List.of("a", "1.5"));
        table.row(List.of("a-long-name", "10"));

        assertThat(table.draw())
                .isEqualTo(
                        """
                            host     | usage
                        -------------+-------
                         a           |   1.5
                         a-long-name |    10
                        (2 rows)
                        """);
    }

    @Test
    void anEmptyTableStillShowsItsColumns() {
        assertThat(table().draw())
                .isEqualTo(
                        """
                         host | usage
                        ------+-------
                        (0 rows)
                        """);
    }

    @Test
    void cellsOfSeveralLinesGoOnBelow() {
        var table = table();
        table.row(List.of("one\ntwo", "7"));

        assertThat(table.draw())
                .isEqualTo(
                        """
                         host | usage
                        ------+-------
                         one +|     7
                         two  |
                        (1 row)
                        """);
    }

    @Test
    void wideCharactersTakeTwoColumnsAndControlCharactersAreShown() {
        var table = table();
        table.row(List.of("東京", "1"));
        table.row(List.of("a\u001b[2J", "2"));

        assertThat(table.draw())
                .isEqualTo(
                        """
                           host   | usage
                        ----------+-------
                         東京     |     1
                         a\\x1B[2J |     2
                        (2 rows)
                        """);
    }
}
