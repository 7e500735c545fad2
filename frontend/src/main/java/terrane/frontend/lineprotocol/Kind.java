package terrane.frontend.lineprotocol;

import terrane.core.catalog.Column.Semantic;
import terrane.core.catalog.ColumnType;

/// What a line says about a value by the way it is written.
public enum Kind {
    TAG("a tag", Semantic.TAG, ColumnType.STRING),
    FLOAT("a float field", Semantic.FIELD, ColumnType.FLOAT64),
    INTEGER("an integer field", Semantic.FIELD, ColumnType.INT64),
    UNSIGNED("an unsigned field", Semantic.FIELD, ColumnType.UINT64),
    BOOLEAN("a boolean field", Semantic.FIELD, ColumnType.BOOLEAN),
    TEXT("a string field", Semantic.FIELD, ColumnType.STRING);

    private final String words;
    private final Semantic semantic;
    private final ColumnType type;

    Kind(String words, Semantic semantic, ColumnType type) {
        this.words = words;
        this.semantic = semantic;
        this.type = type;
    }

    /// For messages: `a float field`.
    public String words() {
        return words;
    }

    public Semantic semantic() {
        return semantic;
    }

    /// The type of a column that comes into being by such a value.
    public ColumnType type() {
        return type;
    }
}
