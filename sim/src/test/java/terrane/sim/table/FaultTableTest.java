package terrane.sim.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// Every cell of the table of faults: one seed of each with every build, several in the soak.
///
/// `-Dterrane.cell=MOMENT-ROLE-FAULT` runs the cells whose names begin so, with their stories;
/// `-Dterrane.fault-table=write` writes the document.
class FaultTableTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "protocols", "fault-table.md");
    private static final long FIRST = 1;
    private static final int SOAK_SEEDS = 10;
    private static final String ONLY = System.getProperty("terrane.cell", "");

    /// In the inner loop one in so many will do.
    private static final int EVERY = Integer.getInteger("terrane.cells.every", 1);

    @BeforeAll
    static void quiet() {
        Logger.getLogger("").setLevel(Level.OFF);
    }

    @Test
    void everyCellHoldsAndTheDocumentSaysSo() throws IOException {
        var reports = new ArrayList<CellRun.Report>();
        for (var cell : cells()) {
            seeds().forEach(seed -> reports.add(reported(cell, seed)));
        }
        var bad = reports.stream().filter(report -> !report.good()).toList();
        System.out.println("cells run=" + reports.size() + " bad=" + bad.size() + ends(reports));
        boolean all = ONLY.isEmpty() && EVERY == 1;
        if (Tried.WRITES && all) {
            Files.writeString(DOCUMENT, Document.of(reports, Tried.load()));
        }
        assertThat(bad.stream().map(CellRun.Report::text).toList()).isEmpty();
        if (all) {
            assertThat(Files.readString(DOCUMENT))
                    .as("written again with -Dterrane.fault-table=write")
                    .isEqualTo(Document.of(reports, Tried.load()));
        }
    }

    private static List<Cell> cells() {
        var cells = Table.cells();
        return IntStream.range(0, cells.size())
                .filter(i -> i % EVERY == 0)
                .mapToObj(cells::get)
                .filter(cell -> cell.toString().startsWith(ONLY))
                .toList();
    }

    /// Stories are long, and thousands of them are too many to keep.
    private static CellRun.Report reported(Cell cell, long seed) {
        var report = new CellRun(cell, seed).execute();
        if (!ONLY.isEmpty()) {
            System.out.println(String.join("\n", report.story()));
        }
        return report.withoutStory();
    }

    private static LongStream seeds() {
        var only = Long.getLong("terrane.seed");
        if (only != null) {
            return LongStream.of(only);
        }
        int count = Boolean.getBoolean("terrane.soak") ? SOAK_SEEDS : 1;
        return LongStream.range(FIRST, FIRST + count);
    }

    private static Map<End, Integer> ends(List<CellRun.Report> reports) {
        Map<End, Integer> ends = new EnumMap<>(End.class);
        reports.forEach(report -> report.end().ifPresent(end -> ends.merge(end, 1, Integer::sum)));
        return ends;
    }
}
