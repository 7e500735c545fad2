package terrane.sim.cluster;

/// What can go wrong, or is to be done, while clients write and read.
public enum FaultKind {
    /// Not a fault: a region is moved.
    MIGRATE,
    KILL_DATANODE,
    KILL_METASRV,
    KILL_FRONTEND,
    PAUSE_DATANODE,
    PAUSE_METASRV,
    PAUSE_FRONTEND,
    SUSPEND,
    /// A process is stopped between two lines, wherever it looks at the clock.
    PAUSE_ANYWHERE,
    KILL_ANYWHERE,
    CUT_BOTH_WAYS,
    CUT_ONE_WAY,
    /// The cluster in two parts; log and storage are reached from both.
    SPLIT,
    /// A datanode cut off from the metasrvs and, for a shorter time, from the log, not from
    /// clients.
    LOSE_LEASE,
    BREAK_CONNECTION,
    SLOW_NETWORK,
    /// Within the allowance of [terrane.core.lease.LeaseTerms].
    DRIFT,
    /// Beyond it: safety of acknowledgements is not promised.
    DRIFT_BEYOND,
    DEPOSE_METASRV,
    RAFT_UNKNOWN,
    BROKER_AWAY,
    BROKER_SLOW,
    BROKER_CUT,
    LOG_GAPS,
    STORAGE_FAULTS,
    STORAGE_AWAY,
    STORAGE_SLOW
}
