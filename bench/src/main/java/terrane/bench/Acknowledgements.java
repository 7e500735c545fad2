package terrane.bench;

import java.util.Arrays;

/// When one closed-loop writer was acknowledged, and under which epoch. Written by one thread, read
/// when that has ended.
final class Acknowledgements {
    private static final int FIRST_SIZE = 1 << 12;

    private long[] nanos = new long[FIRST_SIZE];
    private long[] epochs = new long[FIRST_SIZE];
    private int size;

    void add(long atNanos, long epoch) {
        if (size == nanos.length) {
            nanos = Arrays.copyOf(nanos, size * 2);
            epochs = Arrays.copyOf(epochs, size * 2);
        }
        nanos[size] = atNanos;
        epochs[size] = epoch;
        size++;
    }

    int size() {
        return size;
    }

    long nanos(int index) {
        return nanos[index];
    }

    long epoch(int index) {
        return epochs[index];
    }

    /// From the last acknowledgement before this instant to the first after it; -1 if there is none
    /// on one of its sides.
    long straddle(long instant) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (nanos[middle] - instant <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 || low == size ? -1 : nanos[low] - nanos[low - 1];
    }
}
