package terrane.core.catalog;

/// A table and how often it has changed.
///
/// @param routeVersion grows with every change of who leads its regions
/// @param changedAt the catalog's version when the table or its route last changed
public record TableRecord(Table table, long routeVersion, long changedAt) {}
