package terrane.core.wal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import terrane.core.Epoch;
import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;

import java.util.Optional;

/// Equal records give equal sums in any grouping; any difference gives another sum.
class UnflushedSumTest {
    private static final byte[] BATCH = {1, 2, 3};

    /// Two versions of the program may stand at the two ends of a handover.
    private static final long DIGEST_FOR_EVER = -2509741736690233657L;

    private static UnflushedSum sum(long epoch, long number, int rows, byte[] batch) {
        var header = new WalRecord.Header(Records.REGION, new Epoch(epoch), number);
        return UnflushedSum.of(new WalRecord.Rows(header, 1, Optional.empty(), batch), rows);
    }

    @Test
    void orderAndGroupingDoNotMatter() {
        var first = sum(1, 1, 10, BATCH);
        var second = sum(1, 2, 20, BATCH);
        assertThat(first.plus(second)).isEqualTo(second.plus(first));
        assertThat(first.plus(second).minus(first)).isEqualTo(second);
        assertThat(first.minus(first)).isEqualTo(UnflushedSum.NOTHING);
        assertThat(first.plus(second).records()).isEqualTo(2);
        assertThat(first.plus(second).rows()).isEqualTo(30);
    }

    @Test
    void everyDifferenceShows() {
        var sum = sum(1, 1, 10, BATCH);
        assertThat(sum(1, 1, 11, BATCH)).isNotEqualTo(sum);
        assertThat(sum(1, 2, 10, BATCH).digest()).isNotEqualTo(sum.digest());
        assertThat(sum(2, 1, 10, BATCH).digest()).isNotEqualTo(sum.digest());
        assertThat(sum(1, 1, 10, new byte[] {1, 2, 4}).digest()).isNotEqualTo(sum.digest());
        assertThat(sum(1, 1, 10, new byte[] {1, 2, 3, 0}).digest()).isNotEqualTo(sum.digest());
    }

    @Test
    void exchangedBatchesShow() {
        byte[] other = {9};
        assertThat(sum(1, 1, 1, BATCH).plus(sum(1, 2, 1, other)).digest())
                .isNotEqualTo(sum(1, 1, 1, other).plus(sum(1, 2, 1, BATCH)).digest());
    }

    @Test
    void sumsComeBackFromBytes() {
        var sum = sum(5, 6, 7, BATCH);
        var out = new ByteWriter();
        sum.encode(out);
        assertThat(UnflushedSum.decode(new ByteReader(out.toBytes()))).isEqualTo(sum);
    }

    @Test
    void theDigestIsTheSameInEveryVersion() {
        assertThat(sum(3, 42, 1, BATCH).digest()).isEqualTo(DIGEST_FOR_EVER);
    }
}
