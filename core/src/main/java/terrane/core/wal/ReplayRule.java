package terrane.core.wal;

import terrane.core.Epoch;

/// The rule by which a region's records are read, the same for everyone:
///
/// Start with the fence epoch that the manifest records for its flushed offset. Keep the highest
/// epoch whose fence record has been read since. A rows, schema or truncate record is applied if
/// and only if its epoch equals that. A fence record with a lower or equal epoch is ignored.
///
/// So a stale leader can append, but what it appends after its successor's fence does not exist.
///
/// @param inForce the highest epoch that has fenced so far
public record ReplayRule(Epoch inForce) {
    /// What becomes of one record.
    public enum Verdict {
        /// It is part of the region: apply it.
        APPLY,
        /// It is a fence that takes effect: `next` has its epoch in force.
        FENCE,
        /// It does not exist.
        IGNORE
    }

    public Verdict verdict(WalRecord record) {
        return switch (record) {
            case WalRecord.Rows r -> applied(r.header());
            case WalRecord.Schema s -> applied(s.header());
            case WalRecord.Truncate t -> applied(t.header());
            case WalRecord.Fence f ->
                    f.header().epoch().isAbove(inForce) ? Verdict.FENCE : Verdict.IGNORE;
            case WalRecord.WarmUp _ -> Verdict.IGNORE;
        };
    }

    private Verdict applied(WalRecord.Header header) {
        return header.epoch().equals(inForce) ? Verdict.APPLY : Verdict.IGNORE;
    }

    /// The rule after `record` has been read.
    public ReplayRule next(WalRecord record) {
        return verdict(record) == Verdict.FENCE ? new ReplayRule(record.header().epoch()) : this;
    }
}
