package terrane.metasrv.procedure;

import terrane.core.catalog.Measured;
import terrane.core.migration.Outcome;

/// What became of a duty, and what was found out on the way.
record Performed(Outcome outcome, Measured measured) {
    Performed(Outcome outcome) {
        this(outcome, Measured.NOTHING);
    }
}
