package terrane.sim.table;

/// Who is hit.
public enum Role {
    /// Who led the region before.
    SOURCE("source"),
    /// Who is to lead it; in Reclaiming the claimant.
    TARGET("target"),
    METASRV_LEADER("metasrv leader"),
    METASRV_FOLLOWER("metasrv follower"),
    /// One of two.
    FRONTEND("frontend"),
    BROKER("log broker"),
    STORE("object store");

    private final String text;

    Role(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    /// Whether it is a process of ours.
    public boolean isHost() {
        return this != BROKER && this != STORE;
    }
}
