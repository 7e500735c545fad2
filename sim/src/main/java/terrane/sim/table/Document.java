package terrane.sim.table;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The table of faults as Markdown: every cell with its verdict, from what came of it.
///
/// A cell shows the ends that the protocol allows and not the one that this seed led to: the text
/// changes when a verdict or the protocol does, not with every other order of threads.
public final class Document {
    private final Map<Cell, Boolean> verdicts = new LinkedHashMap<>();
    private final List<Tried> tried;
    private final List<String> lines = new ArrayList<>();

    private Document(Collection<CellRun.Report> reports, List<Tried> tried) {
        this.tried = List.copyOf(tried);
        reports.forEach(
                report -> verdicts.merge(report.cell(), report.good(), Boolean::logicalAnd));
    }

    /// @param reports one or more of every cell
    /// @param tried what came of the same with real processes
    public static String of(Collection<CellRun.Report> reports, List<Tried> tried) {
        var document = new Document(reports, tried);
        document.begin();
        document.simulated();
        document.senseless();
        document.processes();
        return String.join("\n", document.lines) + "\n";
    }

    private void say(String... more) {
        lines.addAll(List.of(more));
    }

    private void begin() {
        long good = verdicts.values().stream().filter(held -> held).count();
        say(
                """
                # The table of faults

                Written by `FaultTableTest`; do not edit it. This writes it again:
                `mvn test -pl sim -am -Dtest=FaultTableTest
                -Dsurefire.failIfNoSpecifiedTests=false -Dterrane.fault-table=write`.

                Every state of a [migration](region-migration.md) × every role × every fault.
                Each cell is a [simulated](simulation.md) cluster of three metasrvs, three
                datanodes and two frontends that is written to and read, and is hit when the
                migration is exactly there. Then the fault ends, and within %s of simulated time
                everything is led and served; nothing that was acknowledged is lost, nothing is
                doubled, invented or stale, and what is read is what the log holds, row for row.

                **%d cells; %d hold, %d do not.**

                A cell says how the migration may end by the protocol, and the run is held to it:
                **C** completed, by handover; **B** rolled back, and the source has never stopped;
                **R** reclaimed, whoever leads then. Where things race, there are several. **✗**
                marks a cell that does not hold.

                *Short* is %s, *long* is %s, and whatever has no other length is long; the lease
                is 3 s.
                """
                        .formatted(
                                seconds(CellRun.CALM_MAX),
                                verdicts.size(),
                                good,
                                verdicts.size() - good,
                                seconds(Strike.SHORT),
                                seconds(Strike.LONG)));
    }

    private static String seconds(Duration duration) {
        return duration.toSeconds() + " s";
    }

    private void simulated() {
        var state = "";
        for (var moment : Moment.values()) {
            if (!state.equals(moment.state())) {
                state = moment.state();
                say("## " + state, "");
            }
            say("At that moment: " + moment.text() + ".", "");
            say(row("", Stream.of(Fault.values()).map(Fault::text)));
            say(row("---", Stream.of(Fault.values()).map(fault -> "---")));
            for (var role : Role.values()) {
                say(
                        row(
                                role.text(),
                                Stream.of(Fault.values()).map(fault -> text(moment, role, fault))));
            }
            say("");
        }
    }

    private static String row(String first, Stream<String> others) {
        return Stream.concat(Stream.of(first), others)
                .collect(Collectors.joining(" | ", "| ", " |"));
    }

    private String text(Moment moment, Role role, Fault fault) {
        var cell = new Cell(moment, role, fault);
        var held = verdicts.get(cell);
        if (held == null) {
            return "–";
        }
        return letters(Expected.of(cell)) + (held ? "" : " ✗");
    }

    private static String letters(Collection<End> ends) {
        return ends.stream()
                .map(end ->
                        switch (end) {
                            case COMPLETED -> "C";
                            case ROLLED_BACK -> "B";
                            case RECLAIMED -> "R";
                        })
                .collect(Collectors.joining(" "));
    }

    private void senseless() {
        say("## Cells that are none", "");
        say("| role | fault | why |", "| --- | --- | --- |");
        for (var role : Role.values()) {
            for (var fault : Fault.values()) {
                Table.senseless(role, fault)
                        .ifPresent(why ->
                                say("| %s | %s | %s |".formatted(role.text(), fault.text(), why)));
            }
        }
        say(
                """

                That the source has stopped and that it has sent the fence are one moment, not
                two: it is one critical section. In Reclaiming the source lives, cut off from the
                log, with its fence under way. Rolled back is a migration that was cancelled.
                """);
    }

    private void processes() {
        say(
                """
                ## With real processes

                The cells that tell most, with three metasrvs, three datanodes, a frontend and
                Kafka, each in a process of its own: `FaultTableE2E` kills them with `kill -9`, or
                stops them for longer than a lease; `FaultTableCutsE2E` has each on a host of its
                own and cuts it off from all others for as long. Ten cells run with every build,
                all by `bin/verify --soak`; one that does not hold fails the build. What follows
                is not that of the last build: it was written down on the day that it names.

                | state | role | fault | ended | on |
                | --- | --- | --- | --- | --- |\
                """);
        tried.forEach(each -> say(text(each)));
        say("", "%d cells; all held.".formatted(tried.size()));
    }

    private static String text(Tried each) {
        var cell = each.cell();
        return "| %s: %s | %s | %s | %s | %s |"
                .formatted(
                        cell.moment().state(),
                        cell.moment().text(),
                        cell.role().text(),
                        cell.fault().text(),
                        each.end().text(),
                        each.day());
    }
}
