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
import java.util.stream.LongStream;

/// Every cell of the table of faults: one seed of each with every build, several in the soak.
///
/// `-Dterrane.cell=MOMENT-ROLE-FAULT` runs the cells whose names begin so, with their stories;
/// `-Dterrane.fault-table=write` writes the document.
class FaultTableTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "protocols", "fault-table.md");
    private static final long FIRST = 1;
    private static final int SOAK_SEEDS = 10;

    @BeforeAll
    static void quiet() {
        Logger.getLogger("").setLevel(Level.OFF);
    }

    @Test
    void everyCellHoldsAndTheDocumentSaysSo() throws IOException {
        var only = System.getProperty("terrane.cell", "");
        var reports = new ArrayList<CellRun.Report>();
        for (var cell : Table.cells()) {
            if (cell.toString().startsWith(only)) {
                seeds().forEach(seed -> reports.add(new CellRun(cell, seed).execute()));
            }
        }
        if (!only.isEmpty()) {
            reports.forEach(report -> System.out.println(String.join("\n", report.story())));
        }
        var bad = reports.stream().filter(report -> !report.good()).toList();
        System.out.println("cells run=" + reports.size() + " bad=" + bad.size() + ends(reports));
        if (Tried.WRITES && only.isEmpty()) {
            Files.writeString(DOCUMENT, Document.of(reports, Tried.load()));
        }
        assertThat(bad.stream().map(CellRun.Report::text).toList()).isEmpty();
        if (only.isEmpty()) {
            assertThat(Files.readString(DOCUMENT))
                    .as("written again with -Dterrane.fault-table=write")
                    .isEqualTo(Document.of(reports, Tried.load()));
        }
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
