package terrane.sim.table;

/// What happens to whom it hits.
public enum Fault {
    /// `kill -9`, and nobody starts it until the fault is over.
    KILL("killed"),
    /// `kill -9`, and a supervisor starts it again at once.
    RESTART("killed, restarted"),
    /// Stands still for less than a lease.
    PAUSE_SHORT("paused, short"),
    /// Stands still for longer than a lease.
    PAUSE_LONG("paused, long"),
    /// Its machine sleeps for longer than a lease.
    SUSPEND("suspended"),
    CUT("cut off"),
    /// Nothing reaches it; what it sends arrives.
    DEAF("deaf"),
    /// Nothing that it sends arrives; it hears.
    MUTE("mute"),
    /// Cut off from the metasrvs, and for a little less from the log, not from those who write and
    /// read: what it appends lands when another leads, and its clients are there to hear of it.
    NO_LEASE("no lease"),
    /// Gets little of its machine, or answers late.
    SLOW("slow");

    private final String text;

    Fault(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}
