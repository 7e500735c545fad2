package terrane.engine.region;

/// Writes constants into SQL. Constants, not parameters, because DuckDB decides what of a file to
/// read before it knows parameters.
final class Sql {
    private Sql() {}

    static String text(String value) {
        return "'" + value.replace("'", "''") + "'";
    }
}
