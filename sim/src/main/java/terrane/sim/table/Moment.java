package terrane.sim.table;

/// How far a migration is when the fault strikes: the states of the protocol, and within them what
/// the two ends are at.
///
/// That the source has stopped and that it has given the fence to its producer are one moment: it
/// is one critical section.
public enum Moment {
    OPENING("Opening", "nobody has been told"),
    TARGET_OPENS("Opening", "the target has the order to open a follower"),
    CATCHING_UP("CatchingUp", "the target follows"),
    FROZEN("CatchingUp", "the source has frozen the manifest"),
    HANDING_OVER("HandingOver", "nobody has been told"),
    PREPARED("HandingOver", "the target has its conditional lease"),
    FENCE_SENT("HandingOver", "the source has stopped and sent the fence"),
    FENCE_LANDED("HandingOver", "the fence is in the log"),
    TARGET_LEADS("HandingOver", "the target leads and says so"),
    RECLAIMING("Reclaiming", "older leases run out"),
    CLAIMED("Reclaiming", "the claimant has claimed the manifest"),
    CLAIM_FENCED("Reclaiming", "the claimant's fence is in the log"),
    COMPLETED("Completed", "nothing is tidied up"),
    ROLLED_BACK("RolledBack", "cancelled; nothing is tidied up");

    private final String state;
    private final String text;

    Moment(String state, String text) {
        this.state = state;
        this.text = text;
    }

    /// The protocol's state, as reports name it.
    public String state() {
        return state;
    }

    /// What is so within the state.
    public String text() {
        return text;
    }
}
