package terrane.sim.history;

/// Something that must never be seen from outside (`docs/protocols/region-migration.md`).
public record Violation(Kind kind, String text) {
    /// Which promise was broken.
    public enum Kind {
        /// An acknowledged row is not there.
        LOST,

        /// A row is there more than once.
        DOUBLED,

        /// A row is there that nobody wrote, or whose writing had not begun.
        INVENTED,

        /// A row is there whose write was refused.
        REFUSED_YET_THERE,

        /// A session does not see what it has written itself.
        OWN_WRITE_UNSEEN,

        /// A session sees less, or something older, than it saw before.
        BACK_IN_TIME,

        /// A client was given an error that nothing excuses.
        ERROR,

        /// The history does not show what became of everything.
        INCOMPLETE
    }

    @Override
    public String toString() {
        return kind + " " + text;
    }
}
