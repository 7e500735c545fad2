package terrane.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/// What is taken for a gap, and what for the same statistic without a move.
class GapsTest {
    @Test
    void gapIsTheWorstWritersWaitAcrossTheChangeOfEpoch() {
        var slow = writer(new long[] {10, 1}, new long[] {20, 1}, new long[] {50, 2});
        var quick = writer(new long[] {22, 1}, new long[] {30, 2}, new long[] {99, 2});
        assertThat(Gaps.byEpoch(List.of(slow, quick))).isEqualTo(Map.of(2L, 30L));
    }

    @Test
    void eachChangeOfEpochHasItsOwnGap() {
        var writer = writer(new long[] {10, 1}, new long[] {15, 2}, new long[] {22, 3});
        assertThat(Gaps.byEpoch(List.of(writer))).isEqualTo(Map.of(2L, 5L, 3L, 7L));
    }

    @Test
    void quietInstantIsStraddledByTheWorstWriter() {
        var one = writer(new long[] {10, 1}, new long[] {20, 1}, new long[] {21, 1});
        var other = writer(new long[] {12, 1}, new long[] {16, 1}, new long[] {40, 1});
        assertThat(Gaps.around(List.of(15L, 17L), List.of(one, other))).containsExactly(10L, 24L);
    }

    @Test
    void instantWithoutAcknowledgementsOnBothSidesCountsForNothing() {
        var writer = writer(new long[] {10, 1}, new long[] {20, 1});
        assertThat(Gaps.around(List.of(5L, 20L), List.of(writer))).isEmpty();
    }

    @Test
    void batchCarriesItsTimeInEveryRow() {
        var batch = new CpuBatch("cpu", 1, 3, () -> 12_345);
        var lines =
                new String(
                        batch.at(1_700_000_000_001L), java.nio.charset.StandardCharsets.US_ASCII);
        assertThat(lines.lines()).hasSize(3).allMatch(line -> line.endsWith(" 1700000000001"));
        assertThat(lines).startsWith("cpu,hostname=host_3,region=").contains("usage_user=34.5,");
    }

    private static Acknowledgements writer(long[]... all) {
        var writer = new Acknowledgements();
        for (var each : all) {
            writer.add(each[0], each[1]);
        }
        return writer;
    }
}
