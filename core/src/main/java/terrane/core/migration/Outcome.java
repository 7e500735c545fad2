package terrane.core.migration;

import terrane.core.Epoch;
import terrane.core.Node;

/// What became of a duty: facts, past tense.
public sealed interface Outcome {
    /// The duty is done.
    ///
    /// @param fresh what a handover would be given; used by those states that need it
    record Done(Fresh fresh) implements Outcome {}

    /// The source is gone, has restarted, or can no longer lead.
    record SourceLost(String reason, Fresh fresh) implements Outcome {}

    /// The target is gone, has restarted, or cannot open the region.
    record TargetLost(String reason, Fresh fresh) implements Outcome {}

    /// The handover, or a claim, did not come to its end in its time.
    record Stalled(String reason, Fresh fresh) implements Outcome {}

    /// `replay_timeout` passed.
    record TimedOut() implements Outcome {}

    /// The predicted write gap is longer than `max_pause`.
    record GapExceeded(String predicted) implements Outcome {}

    /// A person, or a DROP TABLE, asked for the end.
    record Cancelled() implements Outcome {}

    /// The shell's choice of who comes next, made afresh with each outcome from the live nodes and
    /// the region's last epoch; the entry that saves it is refused if either has changed.
    ///
    /// @param source the region's leader now, for a handover
    /// @param target the live incarnation of the plan's target, or of who replaces it
    /// @param claimant a live node that may reclaim, never the one that was lost if there is any
    ///   other
    /// @param epoch the successor of the region's last allocated epoch
    record Fresh(Node source, Node target, Node claimant, Epoch epoch) {}
}
