package terrane.e2e;

import java.util.List;

/// One cell of the table of faults: in which state a migration is, who is hit, and how. Those that
/// tell most are tried with real processes; the ones that are marked in every build.
///
/// Opening is held by a target that stands still, catching up by a source that does, handing over
/// by the broker; reclaiming lasts until the dead source's lease has run out.
enum Cell {
    OPENING_TARGET_KILLED(Stage.OPENING, Victim.TARGET, true, "RolledBack"),
    OPENING_TARGET_PAUSED(Stage.OPENING, Victim.TARGET, false),
    OPENING_SOURCE_KILLED(Stage.OPENING, Victim.SOURCE, true, "Reclaiming"),
    OPENING_SOURCE_PAUSED(Stage.OPENING, Victim.SOURCE, false),
    OPENING_LEADER_KILLED(Stage.OPENING, Victim.METASRV_LEADER, true),
    OPENING_LEADER_PAUSED(Stage.OPENING, Victim.METASRV_LEADER, false),
    OPENING_BROKER_KILLED(Stage.OPENING, Victim.BROKER, true),
    OPENING_BROKER_PAUSED(Stage.OPENING, Victim.BROKER, false),
    OPENING_FRONTEND_KILLED(Stage.OPENING, Victim.FRONTEND, true),

    CATCHING_UP_SOURCE_KILLED(Stage.CATCHING_UP, Victim.SOURCE, true, "Reclaiming"),
    CATCHING_UP_SOURCE_PAUSED(Stage.CATCHING_UP, Victim.SOURCE, false, "Reclaiming"),
    CATCHING_UP_TARGET_KILLED(Stage.CATCHING_UP, Victim.TARGET, true, "RolledBack"),
    CATCHING_UP_TARGET_PAUSED(Stage.CATCHING_UP, Victim.TARGET, false),
    CATCHING_UP_LEADER_KILLED(Stage.CATCHING_UP, Victim.METASRV_LEADER, true),
    CATCHING_UP_LEADER_PAUSED(Stage.CATCHING_UP, Victim.METASRV_LEADER, false),
    CATCHING_UP_FOLLOWER_KILLED(Stage.CATCHING_UP, Victim.METASRV_FOLLOWER, true),
    CATCHING_UP_BROKER_KILLED(Stage.CATCHING_UP, Victim.BROKER, true),
    CATCHING_UP_FRONTEND_KILLED(Stage.CATCHING_UP, Victim.FRONTEND, true),

    HANDING_OVER_SOURCE_KILLED(Stage.HANDING_OVER, Victim.SOURCE, true, "Reclaiming", "Completed"),
    HANDING_OVER_SOURCE_PAUSED(Stage.HANDING_OVER, Victim.SOURCE, false, "Reclaiming", "Completed"),
    HANDING_OVER_TARGET_KILLED(Stage.HANDING_OVER, Victim.TARGET, true, "Reclaiming"),
    HANDING_OVER_TARGET_PAUSED(Stage.HANDING_OVER, Victim.TARGET, false),
    HANDING_OVER_LEADER_KILLED(Stage.HANDING_OVER, Victim.METASRV_LEADER, true),
    HANDING_OVER_LEADER_PAUSED(Stage.HANDING_OVER, Victim.METASRV_LEADER, false),
    HANDING_OVER_FOLLOWER_PAUSED(Stage.HANDING_OVER, Victim.METASRV_FOLLOWER, false),
    HANDING_OVER_BROKER_KILLED(Stage.HANDING_OVER, Victim.BROKER, true),
    HANDING_OVER_BROKER_PAUSED(Stage.HANDING_OVER, Victim.BROKER, false),
    HANDING_OVER_FRONTEND_KILLED(Stage.HANDING_OVER, Victim.FRONTEND, true),

    RECLAIMING_TARGET_KILLED(Stage.RECLAIMING, Victim.TARGET, true),
    RECLAIMING_TARGET_PAUSED(Stage.RECLAIMING, Victim.TARGET, false),
    RECLAIMING_LEADER_KILLED(Stage.RECLAIMING, Victim.METASRV_LEADER, true),
    RECLAIMING_BROKER_KILLED(Stage.RECLAIMING, Victim.BROKER, true);

    /// Ten: each end and the metasrv's leader in each state, and the states with the least time.
    static final List<Cell> ALWAYS =
            List.of(
                    OPENING_TARGET_KILLED,
                    OPENING_SOURCE_KILLED,
                    CATCHING_UP_SOURCE_KILLED,
                    CATCHING_UP_TARGET_PAUSED,
                    CATCHING_UP_LEADER_KILLED,
                    HANDING_OVER_SOURCE_KILLED,
                    HANDING_OVER_TARGET_KILLED,
                    HANDING_OVER_SOURCE_PAUSED,
                    HANDING_OVER_LEADER_PAUSED,
                    RECLAIMING_TARGET_KILLED);

    /// In which state the migration is when the fault comes.
    enum Stage {
        OPENING("Opening"),
        CATCHING_UP("CatchingUp"),
        HANDING_OVER("HandingOver"),
        RECLAIMING("Reclaiming");

        /// As the admin API has it.
        final String text;

        Stage(String text) {
            this.text = text;
        }
    }

    /// Who is hit.
    enum Victim {
        SOURCE,
        TARGET,
        METASRV_LEADER,
        METASRV_FOLLOWER,
        BROKER,
        FRONTEND
    }

    final Stage stage;
    final Victim victim;

    /// Otherwise it stands still for longer than a lease.
    final boolean kills;

    /// What the state may be followed by; anything if empty.
    final List<String> next;

    Cell(Stage stage, Victim victim, boolean kills, String... next) {
        this.stage = stage;
        this.victim = victim;
        this.kills = kills;
        this.next = List.of(next);
    }

    /// Clients have one frontend and one broker.
    boolean clientsNotice() {
        return victim == Victim.BROKER || victim == Victim.FRONTEND;
    }
}
