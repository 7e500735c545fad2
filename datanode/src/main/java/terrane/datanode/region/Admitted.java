package terrane.datanode.region;

import terrane.wire.datanode.DataRequest.Written;

/// What admission made of a write.
sealed interface Admitted {
    /// It is on its way into the log, by this attempt or by an earlier one under the same key.
    record Sent(Append append) implements Admitted {}

    /// An earlier attempt under the same key is in the log.
    record AlreadyWritten(Written written) implements Admitted {}
}
