package terrane.datanode.region;

import terrane.core.rows.RowBatch;
import terrane.core.rows.RowBatchCodec;
import terrane.wire.datanode.DataRequest;

/// A write at the door of a copy, decoded.
record Entrant(DataRequest.Write request, RowBatch batch) {
    static Entrant of(DataRequest.Write request) {
        return new Entrant(request, RowBatchCodec.decode(request.batch()));
    }

    long sizeBytes() {
        return request.batch().length;
    }
}
