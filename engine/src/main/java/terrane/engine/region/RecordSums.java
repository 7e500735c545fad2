package terrane.engine.region;

import terrane.core.WalOffset;
import terrane.core.wal.UnflushedSum;

import java.util.Arrays;

/// The sum of each rows record of a copy that follows, so that it can tell what is left once files
/// have some of them: where its leader will flush is not known beforehand. 24 bytes for each record
/// that is in memory.
final class RecordSums {
    private static final int FIRST_SIZE = 64;

    private long[] offsets = new long[FIRST_SIZE];
    private long[] rows = new long[FIRST_SIZE];
    private long[] digests = new long[FIRST_SIZE];
    private int from;
    private int to;

    /// @param sum over one record
    void add(WalOffset offset, UnflushedSum sum) {
        if (to == offsets.length) {
            makeRoom();
        }
        offsets[to] = offset.value();
        rows[to] = sum.rows();
        digests[to] = sum.digest();
        to++;
    }

    private void makeRoom() {
        int size = to - from;
        int length = Math.max(FIRST_SIZE, 2 * size);
        offsets = Arrays.copyOf(Arrays.copyOfRange(offsets, from, to), length);
        rows = Arrays.copyOf(Arrays.copyOfRange(rows, from, to), length);
        digests = Arrays.copyOf(Arrays.copyOfRange(digests, from, to), length);
        from = 0;
        to = size;
    }

    /// Forgets what is below `offset`.
    ///
    /// @return the sum over it
    UnflushedSum dropBelow(WalOffset offset) {
        var dropped = UnflushedSum.NOTHING;
        while (from < to && offsets[from] < offset.value()) {
            dropped = dropped.plus(new UnflushedSum(1, rows[from], digests[from]));
            from++;
        }
        return dropped;
    }
}
