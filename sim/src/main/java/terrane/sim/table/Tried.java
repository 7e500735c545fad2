package terrane.sim.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A cell that was tried with real processes, and held.
///
/// @param end how its migration ended
/// @param day when it was tried last, of those times that were written down
public record Tried(Cell cell, End end, LocalDate day) {
    /// `-Dterrane.fault-table=write` writes what belongs to the document.
    public static final boolean WRITES = "write".equals(System.getProperty("terrane.fault-table"));

    /// Seen from the folder of a module, where tests run.
    private static final Path FILE = Path.of("..", "docs", "protocols", "fault-table-tried.txt");

    private static final Comparator<Tried> ORDER =
            Comparator.comparing((Tried each) -> each.cell().moment())
                    .thenComparing(each -> each.cell().role())
                    .thenComparing(each -> each.cell().fault());

    /// Writes down what came of some cells today, if that is wanted; of the others stays what is
    /// there.
    ///
    /// @param ends by cell
    public static void save(Map<Cell, End> ends) throws IOException {
        if (WRITES) {
            var today = LocalDate.now(ZoneOffset.UTC);
            Map<Cell, Tried> all = new LinkedHashMap<>();
            load().forEach(each -> all.put(each.cell(), each));
            ends.forEach((cell, end) -> all.put(cell, new Tried(cell, end, today)));
            Files.write(FILE, lines(all.values()));
        }
    }

    private static List<String> lines(Collection<Tried> all) {
        return all.stream()
                .sorted(ORDER)
                .map(each -> each.cell() + " " + each.end() + " " + each.day())
                .toList();
    }

    /// What was written down.
    public static List<Tried> load() throws IOException {
        return Files.exists(FILE)
                ? Files.readAllLines(FILE).stream().map(Tried::parsed).toList()
                : List.of();
    }

    private static Tried parsed(String line) {
        var words = line.split(" ", -1);
        var names = words[0].split("-", -1);
        var cell =
                new Cell(Moment.valueOf(names[0]), Role.valueOf(names[1]), Fault.valueOf(names[2]));
        return new Tried(cell, End.valueOf(words[1]), LocalDate.parse(words[2]));
    }
}
