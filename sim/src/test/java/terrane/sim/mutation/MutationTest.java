package terrane.sim.mutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import terrane.sim.Scenarios;
import terrane.sim.cluster.Run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Takes out one safety check after the other, and looks whether the simulation notices at the seed
/// that the table names: if it did not, it would say nothing about that check while it is there.
class MutationTest {
    private static final Path TABLE = Path.of("..", "docs", "protocols", "mutations.md");

    private static final Path MODEL = Path.of("..", "model", "runs");

    /// With what is left of the first bar and right of the last.
    private static final int CELLS = 8;

    /// A change of the product makes every seed another run. So a seed that notices nothing any
    /// more is followed by others; some 100 of a quarter of a second each, for all mutations.
    private static final int OTHERS_MAX = 100;

    private static final MutatedRun RUNS = new MutatedRun();

    /// @param scenario empty, like the two behind it, if the simulation does not notice
    /// @param variant of the model that lacks the same; empty if it has none
    private record Row(
            String mutation, String scenario, String seed, String reported, String variant) {
        boolean isCaught() {
            return !seed.isEmpty();
        }
    }

    @BeforeAll
    static void quiet() {
        Logger.getLogger("").setLevel(Level.OFF);
    }

    private static List<Row> table() throws IOException {
        var rows = new ArrayList<Row>();
        for (var line : Files.readAllLines(TABLE)) {
            var cells = line.split("\\|", -1);
            if (cells.length == CELLS && cells[1].strip().startsWith("`")) {
                rows.add(
                        new Row(
                                cells[1].strip().replace("`", ""),
                                cells[3].strip(),
                                cells[4].strip(),
                                cells[5].strip(),
                                cells[6].strip().replace("`", "")));
            }
        }
        return rows;
    }

    @Test
    void theTableNamesEveryMutationOnce() throws IOException {
        assertThat(table())
                .extracting(Row::mutation)
                .containsExactlyInAnyOrderElementsOf(
                        Mutation.ALL.stream().map(Mutation::name).toList());
    }

    @Test
    void everyMutationIsNoticedBySimulationOrModel() throws IOException {
        var fails =
                Files.readAllLines(MODEL).stream()
                        .filter(line -> line.startsWith("fails ") || line.startsWith("loops "))
                        .map(line -> line.split(" +", -1)[1])
                        .toList();
        assertThat(table())
                .allSatisfy(row -> {
                    assertThat(row.isCaught() || !row.variant().isEmpty()).isTrue();
                    assertThat(row.variant().isEmpty() || fails.contains(row.variant())).isTrue();
                });
    }

    @Test
    void theSimulationNoticesEveryCheckThatIsMissing() throws IOException {
        var missed = new ArrayList<String>();
        int others = 0;
        for (var row : table()) {
            if (row.isCaught()) {
                long seed = Long.parseLong(row.seed());
                boolean noticed = noticed(row, seed);
                while (!noticed && others++ < OTHERS_MAX) {
                    noticed = noticed(row, ++seed);
                }
                if (!noticed) {
                    missed.add(row.toString());
                } else if (seed != Long.parseLong(row.seed())) {
                    System.out.println("the table is old: " + row + " noticed by seed " + seed);
                }
            }
        }
        assertThat(missed).isEmpty();
    }

    /// Whether the run goes wrong with the check missing, and with nothing missing does not.
    private static boolean noticed(Row row, long seed) {
        return !RUNS.mutated(row.mutation(), row.scenario(), seed).broken().isEmpty()
                && RUNS.whole(row.scenario(), seed).problems().isEmpty();
    }

    @Test
    void weavingAloneChangesNothing() {
        var plain = new Run(Scenarios.named("moves", 1), 1).execute();
        assertThat(RUNS.whole("moves", 1).digest()).isEqualTo(plain.digest());
    }

    @Test
    void aMutationOfWhatIsNotThereIsRefused() {
        refused(new Cut("terrane.core.Node", "gone", Cut.WHOLE, 1, new Replacement.True()));
        refused(new Cut("terrane.core.Node", "toString", "PeerId.gone", 1, new Replacement.True()));
        refused(new Cut("terrane.core.Gone", "gone", Cut.WHOLE, 1, new Replacement.True()));
    }

    private static void refused(Cut cut) {
        var classes = new MutatedClasses(List.of(new Mutation("none", List.of(cut))));
        assertThatThrownBy(classes::loadAll).isInstanceOf(IllegalStateException.class);
    }
}
