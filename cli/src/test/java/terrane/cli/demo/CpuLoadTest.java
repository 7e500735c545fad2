package terrane.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;

/// That what the demo writes has the shape that it claims, and that its figures forgive nothing.
class CpuLoadTest {
    @Test
    void everyLineHasTenTagsAndTenFields() {
        var lines = CpuLoad.lines(50, 50, 3, 1_700_000_000_000_000_000L).lines().toList();

        assertThat(lines).hasSize(50).doesNotHaveDuplicates();
        assertThat(lines)
                .allSatisfy(line -> {
                    var parts = line.split(" ", -1);
                    assertThat(parts).hasSize(3);
                    assertThat(parts[0].split(",", -1)).hasSize(11);
                    assertThat(parts[1].split(",", -1)).hasSize(10);
                });
    }

    @Test
    void aHostIsTheSameHostAtEveryTick() {
        assertThat(CpuLoad.lines(7, 1, 1, 1).split(" ", -1)[0])
                .isEqualTo(CpuLoad.lines(7, 1, 2, 2).split(" ", -1)[0]);
    }

    @Test
    void thisMachineTellsItsMetrics() {
        var values = new MachineMetrics(Path.of("/proc")).read();

        assertThat(values)
                .containsKeys("cpu_user", "memory_used_bytes", "disk_read_bytes", "load_1m");
        assertThat(values.get("memory_total_bytes")).isPositive();
        assertThat(values.get("processes_total")).isPositive();
    }

    @Test
    void aRowThatIsMissingOrAWriteThatFailedIsNotWell() {
        var well = new Figures.Written("cpu", 10, 10, 0, "");

        assertThat(new Figures(List.of(), List.of(well), 1).good()).isTrue();
        assertThat(figures(new Figures.Written("cpu", 10, 9, 0, "")))
                .contains("NOT EQUAL")
                .contains("NOT ALL IS WELL");
        assertThat(figures(new Figures.Written("cpu", 10, 10, 1, "timed out")))
                .contains("timed out")
                .contains("NOT ALL IS WELL");
    }

    private static String figures(Figures.Written table) {
        return String.join("\n", new Figures(List.of(), List.of(table), 1).lines());
    }
}
