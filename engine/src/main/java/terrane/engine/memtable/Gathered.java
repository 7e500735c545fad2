package terrane.engine.memtable;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// A copy of some rows of a column, in Arrow's layout. Whoever makes it closes its buffers.
final class Gathered {
    private final List<ArrowBuf> buffers = new ArrayList<>(3);
    private final BufferAllocator allocator;
    private final int[] rows;
    private final int nullCount;

    Gathered(BufferAllocator allocator, FrozenColumn column, int[] rows) {
        this.allocator = allocator;
        this.rows = rows;
        try {
            this.nullCount = rows.length - bits(ColumnBuffer.segment(column.validity()));
            copyValues(column);
        } catch (RuntimeException e) {
            buffers.forEach(ArrowBuf::close);
            throw e;
        }
    }

    ArrowFieldNode node() {
        return new ArrowFieldNode(rows.length, nullCount);
    }

    List<ArrowBuf> buffers() {
        return buffers;
    }

    private MemorySegment allocate(long size) {
        var buffer = allocator.buffer(Math.max(8, size));
        buffers.add(buffer);
        buffer.writerIndex(size);
        return ColumnBuffer.segment(buffer);
    }

    /// @return how many of the bits are set
    private int bits(MemorySegment source) {
        var target = allocate(ColumnBuffer.bitBytes(rows.length));
        target.fill((byte) 0);
        int count = 0;
        for (int i = 0; i < rows.length; i++) {
            if (ColumnBuffer.bit(source, rows[i])) {
                ColumnBuffer.setBit(target, i);
                count++;
            }
        }
        return count;
    }

    private void copyValues(FrozenColumn column) {
        var source = ColumnBuffer.segment(column.values());
        var bytes = column.bytes();
        if (bytes != null) {
            copyText(source, ColumnBuffer.segment(bytes));
            return;
        }
        int width = ColumnBuffer.width(column.type());
        switch (width) {
            case 0 -> bits(source);
            case 8 -> {
                var target = allocate(rows.length * 8L);
                for (int i = 0; i < rows.length; i++) {
                    long value = source.getAtIndex(ValueLayout.JAVA_LONG, rows[i]);
                    target.setAtIndex(ValueLayout.JAVA_LONG, i, value);
                }
            }
            default -> {
                var target = allocate((long) rows.length * width);
                for (int i = 0; i < rows.length; i++) {
                    MemorySegment.copy(
                            source, (long) rows[i] * width, target, (long) i * width, width);
                }
            }
        }
    }

    private void copyText(MemorySegment offsets, MemorySegment text) {
        var ends = allocate((rows.length + 1L) * 4);
        int end = 0;
        ends.set(ValueLayout.JAVA_INT, 0, 0);
        for (int i = 0; i < rows.length; i++) {
            end += length(offsets, rows[i]);
            ends.setAtIndex(ValueLayout.JAVA_INT, i + 1L, end);
        }
        var target = allocate(end);
        for (int i = 0; i < rows.length; i++) {
            int from = offsets.getAtIndex(ValueLayout.JAVA_INT, rows[i]);
            int to = ends.getAtIndex(ValueLayout.JAVA_INT, i);
            MemorySegment.copy(text, from, target, to, length(offsets, rows[i]));
        }
    }

    private static int length(MemorySegment offsets, int row) {
        return offsets.getAtIndex(ValueLayout.JAVA_INT, row + 1L)
                - offsets.getAtIndex(ValueLayout.JAVA_INT, row);
    }
}
