package terrane.core.catalog;

/// What is true of a change of a table that is not about who leads.
public sealed interface DdlState {
    /// Regions are still to be told.
    record Underway() implements DdlState {}

    /// Every region knows.
    record Finished() implements DdlState {}

    /// Given up, because its table was dropped.
    ///
    /// @param reason for people
    record Abandoned(String reason) implements DdlState {}
}
