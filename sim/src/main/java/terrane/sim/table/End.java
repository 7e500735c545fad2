package terrane.sim.table;

import java.util.List;

/// How a migration ended.
public enum End {
    /// Handed over: the target leads.
    COMPLETED("completed"),
    /// The source has never stopped.
    ROLLED_BACK("rolled back"),
    /// Through Reclaiming, whoever leads now.
    RECLAIMED("reclaimed");

    private final String text;

    End(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    /// @param stages that the migration was in, as reports name them; it has ended
    public static End of(List<String> stages) {
        if (stages.contains("Reclaiming")) {
            return RECLAIMED;
        }
        return stages.getLast().equals("Completed") ? COMPLETED : ROLLED_BACK;
    }
}
