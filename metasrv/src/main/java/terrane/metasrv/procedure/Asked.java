package terrane.metasrv.procedure;

import terrane.core.migration.Outcome;
import terrane.wire.Reply;

/// What came of an order that may be broken off.
sealed interface Asked<R extends Reply> {
    record Answered<R extends Reply>(R reply) implements Asked<R> {}

    /// Something happened meanwhile that ends the duty.
    record CalledAway<R extends Reply>(Outcome outcome) implements Asked<R> {}

    /// The node will not, or did not within the time.
    record Refused<R extends Reply>(String reason) implements Asked<R> {}
}
