package terrane.sim.cluster;

/// What can go wrong, or is to be done, while clients write and read.
public enum FaultKind {
    /// Not a fault: a region is moved.
    MIGRATE,
    /// Not a fault: a migration is cancelled.
    CANCEL,
    /// Not a fault: a table is made, changed and dropped, over and over.
    REMAKE,
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
    /// Who appended the next fence is killed as it lands, and soon started again.
    KILL_FENCING,
    /// Who appended the next fence does not hear that it has landed, nor do its clients hear what
    /// became of their writes, and a frontend not who leads.
    FENCE_UNHEARD,
    /// The next fence lands when its sender has long been told that nobody knows.
    FENCE_LATE,
    CUT_BOTH_WAYS,
    CUT_ONE_WAY,
    /// The cluster in two parts; log and storage are reached from both.
    SPLIT,
    /// A datanode cut off from the metasrvs and, for a shorter time, from the log, not from
    /// clients.
    LOSE_LEASE,
    /// The same, and what it appends just before its lease lapses lands just after.
    LAND_LATE,
    BREAK_CONNECTION,
    SLOW_NETWORK,
    /// Within the allowance of [terrane.core.lease.LeaseTerms].
    DRIFT,
    /// Beyond it: safety of acknowledgements is not promised.
    DRIFT_BEYOND,
    DEPOSE_METASRV,
    /// The leader is one no more, and a datanode reaches no other metasrv.
    LEADER_UNAWARE,
    RAFT_UNKNOWN,
    /// A record that nobody can read, in the log of a region whose leader then ends; an operator
    /// gives it up after a while.
    POISON,
    BROKER_AWAY,
    BROKER_SLOW,
    BROKER_CUT,
    LOG_GAPS,
    STORAGE_FAULTS,
    STORAGE_AWAY,
    /// For one datanode.
    STORAGE_CUT,
    /// Half a second, so that much goes on meanwhile and most of it ends.
    STORAGE_SLUGGISH,
    STORAGE_SLOW
}
