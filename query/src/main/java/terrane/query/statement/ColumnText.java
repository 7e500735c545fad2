package terrane.query.statement;

import terrane.core.catalog.ColumnType;

import java.util.EnumSet;
import java.util.Optional;

/// A column's definition as written.
///
/// @param where its name
record ColumnText(
        Token where,
        String name,
        ColumnType type,
        boolean notNull,
        boolean timeIndex,
        boolean primaryKey) {

    private enum Attribute {
        NULL,
        NOT_NULL,
        TIME_INDEX,
        PRIMARY_KEY
    }

    /// `name type [NULL | NOT NULL | TIME INDEX | PRIMARY KEY]…`
    static ColumnText parse(Cursor cursor) {
        var where = cursor.token();
        String name = cursor.name("a column name");
        var type = TypeText.parse(cursor);
        var attributes = EnumSet.noneOf(Attribute.class);
        for (var found = attribute(cursor); found.isPresent(); found = attribute(cursor)) {
            attributes.add(found.get());
        }
        boolean notNull = attributes.contains(Attribute.NOT_NULL);
        boolean timeIndex = attributes.contains(Attribute.TIME_INDEX);
        if (attributes.contains(Attribute.NULL) && (notNull || timeIndex)) {
            throw cursor.rejected(where, "column '" + name + "' cannot be NULL as well");
        }
        refuse(cursor);
        boolean primaryKey = attributes.contains(Attribute.PRIMARY_KEY);
        return new ColumnText(where, name, type, notNull, timeIndex, primaryKey);
    }

    private static Optional<Attribute> attribute(Cursor cursor) {
        if (cursor.accept("NOT", "NULL")) {
            return Optional.of(Attribute.NOT_NULL);
        }
        if (cursor.accept("TIME", "INDEX")) {
            return Optional.of(Attribute.TIME_INDEX);
        }
        if (cursor.accept("PRIMARY", "KEY")) {
            return Optional.of(Attribute.PRIMARY_KEY);
        }
        return cursor.accept("NULL") ? Optional.of(Attribute.NULL) : Optional.empty();
    }

    /// Attributes that others know: refused by name, for ignoring them would be a lie.
    private static void refuse(Cursor cursor) {
        var token = cursor.token();
        switch (token.upper()) {
            case "DEFAULT" ->
                    throw cursor.unsupported(
                            token, "DEFAULT is not supported: a column not given is NULL");
            case "COMMENT",
                    "UNIQUE",
                    "CHECK",
                    "REFERENCES",
                    "GENERATED",
                    "AUTO_INCREMENT",
                    "INVERTED",
                    "FULLTEXT",
                    "SKIPPING",
                    "COLLATE" ->
                    throw cursor.unsupported(
                            token, token.upper() + " on a column is not supported; leave it out");
            default -> {}
        }
    }
}
