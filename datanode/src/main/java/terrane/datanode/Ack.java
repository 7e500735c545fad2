package terrane.datanode;

/// What proves, once a record has landed, that its write may be acknowledged.
public enum Ack {
    /// The lease is held now, under the epoch that was appended: no successor has fenced before.
    /// Rests on the bound of clock drift.
    LEASE,

    /// This node's own tail has read the record back, and no higher fence before it. Needs no
    /// clock.
    READBACK
}
