package terrane.core.catalog;

import terrane.core.ErrorCode;
import terrane.core.ProcedureId;
import terrane.core.TableId;

/// What became of a [Change]. Only [Done] and [Created] have changed anything.
public sealed interface Applied {
    /// It is part of the catalog.
    ///
    /// @param version the catalog's version after it
    record Done(long version) implements Applied {}

    /// The table exists, and one procedure for each region makes it lead.
    record Created(TableId table, long version) implements Applied {}

    /// The same request was made before.
    record Repeated(ProcedureId procedure) implements Applied {}

    /// What it was computed from has changed: load again and decide again.
    record Stale(String text) implements Applied {}

    /// It is wrong, and stays wrong.
    record Refused(ErrorCode code, String text) implements Applied {}
}
