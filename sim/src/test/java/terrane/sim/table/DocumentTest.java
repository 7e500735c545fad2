package terrane.sim.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/// The document says what came of the cells, good or bad.
class DocumentTest {
    private static final Cell GOOD = new Cell(Moment.OPENING, Role.SOURCE, Fault.KILL);
    private static final Cell BAD = new Cell(Moment.OPENING, Role.TARGET, Fault.KILL);

    private static CellRun.Report report(Cell cell, List<String> problems) {
        return new CellRun.Report(
                cell, 1, problems, Optional.empty(), Duration.ZERO, "", List.of());
    }

    @Test
    void cellThatDoesNotHoldIsMarked() {
        var reports = List.of(report(GOOD, List.of()), report(BAD, List.of("a row is lost")));
        var text = Document.of(reports, List.of());
        assertThat(text).contains("2 cells; 1 hold, 1 do not.");
        assertThat(text).contains("| source | R |").contains("| target | B ✗ |");
    }

    @Test
    void oneBadSeedIsEnough() {
        var reports = List.of(report(GOOD, List.of("stale")), report(GOOD, List.of()));
        assertThat(Document.of(reports, List.of())).contains("1 cells; 0 hold, 1 do not.");
    }

    @Test
    void cellsThatWereTriedNameTheirDay() {
        var tried = List.of(new Tried(GOOD, End.RECLAIMED, LocalDate.of(2026, 11, 22)));
        assertThat(Document.of(List.of(), tried))
                .contains("| source | killed | reclaimed | 2026-11-22 |");
    }
}
