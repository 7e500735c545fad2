package terrane.query.statement;

import terrane.core.catalog.ColumnType;
import terrane.query.statement.Token.Kind;

import java.util.Optional;

/// Column types as users of GreptimeDB, MySQL, PostgreSQL and DuckDB write them.
final class TypeText {
    private TypeText() {}

    static ColumnType parse(Cursor cursor) {
        var token = cursor.token();
        if (token.kind() != Kind.WORD) {
            throw expected(cursor);
        }
        String word = token.upper();
        if (word.equals("TIMESTAMP")) {
            cursor.advance();
            return cursor.token().isSymbol("(")
                    ? timestamp(cursor)
                    : ColumnType.TIMESTAMP_MILLISECOND;
        }
        var type = named(word).orElseThrow(() -> expected(cursor));
        cursor.advance();
        if (type == ColumnType.FLOAT64) {
            cursor.accept("PRECISION");
        }
        if (cursor.token().isSymbol("(")) {
            length(cursor, type);
        }
        return cursor.at("UNSIGNED") ? unsigned(cursor, type) : type;
    }

    private static Optional<ColumnType> named(String word) {
        return Optional.ofNullable(
                switch (word) {
                    case "STRING", "VARCHAR", "TEXT", "CHAR" -> ColumnType.STRING;
                    case "BINARY", "VARBINARY", "BLOB", "BYTEA" -> ColumnType.BINARY;
                    case "BOOLEAN", "BOOL" -> ColumnType.BOOLEAN;
                    case "TINYINT", "INT8" -> ColumnType.INT8;
                    case "SMALLINT", "INT16" -> ColumnType.INT16;
                    case "INT", "INTEGER", "INT32" -> ColumnType.INT32;
                    case "BIGINT", "INT64" -> ColumnType.INT64;
                    case "UINT8", "UTINYINT" -> ColumnType.UINT8;
                    case "UINT16", "USMALLINT" -> ColumnType.UINT16;
                    case "UINT32", "UINTEGER" -> ColumnType.UINT32;
                    case "UINT64", "UBIGINT" -> ColumnType.UINT64;
                    case "FLOAT", "FLOAT32", "REAL" -> ColumnType.FLOAT32;
                    case "DOUBLE", "FLOAT64" -> ColumnType.FLOAT64;
                    case "DATE" -> ColumnType.DATE;
                    case "TIMESTAMP_S", "TIMESTAMP_SEC", "TIMESTAMPSECOND" ->
                            ColumnType.TIMESTAMP_SECOND;
                    case "TIMESTAMP_MS", "TIMESTAMPMILLISECOND" -> ColumnType.TIMESTAMP_MILLISECOND;
                    case "TIMESTAMP_US", "TIMESTAMPMICROSECOND", "DATETIME" ->
                            ColumnType.TIMESTAMP_MICROSECOND;
                    case "TIMESTAMP_NS", "TIMESTAMPNANOSECOND" -> ColumnType.TIMESTAMP_NANOSECOND;
                    default -> null;
                });
    }

    private static ColumnType timestamp(Cursor cursor) {
        cursor.expectSymbol("(");
        var type =
                switch (cursor.token().text()) {
                    case "0" -> ColumnType.TIMESTAMP_SECOND;
                    case "3" -> ColumnType.TIMESTAMP_MILLISECOND;
                    case "6" -> ColumnType.TIMESTAMP_MICROSECOND;
                    case "9" -> ColumnType.TIMESTAMP_NANOSECOND;
                    default -> throw cursor.expected("a precision of 0, 3, 6 or 9");
                };
        cursor.advance();
        cursor.expectSymbol(")");
        return type;
    }

    /// `VARCHAR(255)`: read and, as PostgreSQL's users are told to live, not enforced.
    private static void length(Cursor cursor, ColumnType type) {
        if (type != ColumnType.STRING && type != ColumnType.BINARY) {
            throw cursor.rejected(cursor.token(), type.label() + " has no length");
        }
        cursor.expectSymbol("(");
        if (cursor.token().kind() != Kind.NUMBER) {
            throw cursor.expected("a length");
        }
        cursor.advance();
        cursor.expectSymbol(")");
    }

    private static ColumnType unsigned(Cursor cursor, ColumnType type) {
        var where = cursor.advance();
        return switch (type) {
            case INT8 -> ColumnType.UINT8;
            case INT16 -> ColumnType.UINT16;
            case INT32 -> ColumnType.UINT32;
            case INT64 -> ColumnType.UINT64;
            case STRING,
                    BINARY,
                    BOOLEAN,
                    UINT8,
                    UINT16,
                    UINT32,
                    UINT64,
                    FLOAT32,
                    FLOAT64,
                    DATE,
                    TIMESTAMP_SECOND,
                    TIMESTAMP_MILLISECOND,
                    TIMESTAMP_MICROSECOND,
                    TIMESTAMP_NANOSECOND ->
                    throw cursor.rejected(where, type.label() + " cannot be UNSIGNED");
        };
    }

    private static RuntimeException expected(Cursor cursor) {
        return cursor.expected(
                "a type: STRING, BINARY, BOOLEAN, TINYINT, SMALLINT, INT, BIGINT (each also"
                        + " UNSIGNED), FLOAT, DOUBLE, DATE, TIMESTAMP(0), (3), (6) or (9)");
    }
}
