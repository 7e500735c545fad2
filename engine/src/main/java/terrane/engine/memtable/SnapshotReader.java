package terrane.engine.memtable;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;

/// Hands the rows of a snapshot out, a batch for each chunk: the chunk's own buffers where all its
/// rows are wanted, copies of the selected rows otherwise.
final class SnapshotReader extends ArrowReader {
    private final List<StoredColumn> columns;
    private final List<FrozenChunk> chunks;
    private final RowFilter filter;
    private int next;

    SnapshotReader(
            BufferAllocator allocator,
            List<StoredColumn> columns,
            List<FrozenChunk> chunks,
            RowFilter filter) {
        super(allocator);
        this.columns = columns;
        this.chunks = chunks;
        this.filter = filter;
    }

    @Override
    protected Schema readSchema() {
        return new Schema(columns.stream().map(StoredColumn::field).toList());
    }

    @Override
    public boolean loadNextBatch() throws IOException {
        var root = getVectorSchemaRoot();
        while (next < chunks.size()) {
            var chunk = chunks.get(next++);
            int[] selected = filter.select(chunk);
            int count = selected == null ? chunk.rows() : selected.length;
            if (count > 0) {
                load(root.getFieldVectors(), chunk, selected, count);
                root.setRowCount(count);
                return true;
            }
        }
        root.clear();
        return false;
    }

    private void load(
            List<FieldVector> vectors, FrozenChunk chunk, int @Nullable [] selected, int count) {
        for (int i = 0; i < columns.size(); i++) {
            var vector = vectors.get(i);
            var column = chunk.columns().get(columns.get(i).id());
            if (column == null) {
                vector.clear();
                vector.setInitialCapacity(count);
                vector.allocateNew();
                vector.setValueCount(count);
            } else if (selected == null) {
                var node = new ArrowFieldNode(count, column.nullCount());
                vector.loadFieldBuffers(node, column.buffers());
            } else {
                loadSelected(vector, column, selected);
            }
        }
    }

    private void loadSelected(FieldVector vector, FrozenColumn column, int[] selected) {
        var gathered = new Gathered(allocator, column, selected);
        try {
            vector.loadFieldBuffers(gathered.node(), gathered.buffers());
        } finally {
            gathered.buffers().forEach(ArrowBuf::close);
        }
    }

    @Override
    public long bytesRead() {
        return 0; // nothing is read from anywhere
    }

    @Override
    protected void closeReadSource() {
        // The snapshot belongs to its user.
    }
}
