package terrane.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import terrane.e2e.load.Load;
import terrane.sim.table.Cell;
import terrane.sim.table.End;
import terrane.sim.table.Tried;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// Hits one cell after the other under one load, has the checker judge each, and keeps what came of
/// them.
record TriedCells(StagedFaults faults, Load load, Map<Cell, End> ended) {
    TriedCells(StagedFaults faults, Load load) {
        this(faults, load, new LinkedHashMap<>());
    }

    void hit(Cell cell) throws Exception {
        long began = System.nanoTime();
        var end = faults.hit(cell, ended.size() % 4);
        if (TriedCell.clientsNotice(cell)) {
            load.allowOutage(began);
        }
        load.awaitProgress();
        var verdict = load.soFar();
        var took = Duration.ofNanos(System.nanoTime() - began);
        System.out.printf("%s: %s, all is well after %d ms%n", cell, end, took.toMillis());
        assertThat(verdict.violations()).as("%s", verdict).isEmpty();
        assertThat(end).as("%s", cell).isIn(TriedCell.expected(cell));
        ended.put(cell, end);
    }

    /// For the document, if it is to be written.
    void save() throws IOException {
        Tried.save(ended);
    }
}
