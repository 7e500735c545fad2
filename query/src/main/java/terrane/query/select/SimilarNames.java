package terrane.query.select;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.catalog.TableName;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Guesses what was meant by a name that there is not.
public final class SimilarNames {
    /// Names longer than this are not compared: the work grows with its square.
    private static final int CHARS_MAX = 64;

    private SimilarNames() {}

    /// A message for a table that there is not, with the one that may have been meant.
    public static TerraneException.Rejected tableNotFound(TableName name, Tables tables) {
        var others =
                name.schema().equalsIgnoreCase(VirtualTable.SCHEMA)
                        ? Arrays.stream(VirtualTable.values()).map(VirtualTable::table).toList()
                        : inSchema(tables, name.schema());
        String guess =
                to(name.table(), others)
                        .map(other -> "; did you mean '" + other + "'?")
                        .or(() -> elsewhere(name, tables))
                        .orElse("");
        return TerraneException.rejected(
                ErrorCode.TABLE_NOT_FOUND,
                "there is no table '%s' in '%s'%s",
                name.table(),
                name.schema(),
                guess);
    }

    private static List<String> inSchema(Tables tables, String schema) {
        return tables.all().stream()
                .map(table -> table.name())
                .filter(other -> other.schema().equals(schema))
                .map(TableName::table)
                .toList();
    }

    private static Optional<String> elsewhere(TableName name, Tables tables) {
        return tables.all().stream()
                .map(table -> table.name())
                .filter(other -> other.table().equals(name.table()))
                .map(other -> "; there is one in '" + other.schema() + "'")
                .findFirst();
    }

    /// @return the most similar of `others`, if it is similar at all
    public static Optional<String> to(String name, Collection<String> others) {
        if (name.length() > CHARS_MAX) {
            return Optional.empty();
        }
        int farthest = Math.max(1, name.length() / 3);
        return others.stream()
                .filter(other -> other.length() <= CHARS_MAX)
                .filter(other -> distance(name, other) <= farthest)
                .min(Comparator.comparingInt(other -> distance(name, other)));
    }

    /// How many characters to insert, remove or replace, ignoring case (Levenshtein).
    static int distance(String from, String to) {
        String a = from.toLowerCase(Locale.ROOT);
        String b = to.toLowerCase(Locale.ROOT);
        int[] above = new int[b.length() + 1];
        Arrays.setAll(above, column -> column);
        for (int row = 1; row <= a.length(); row++) {
            int[] here = new int[b.length() + 1];
            here[0] = row;
            for (int column = 1; column <= b.length(); column++) {
                int replaced = a.charAt(row - 1) == b.charAt(column - 1) ? 0 : 1;
                here[column] =
                        Math.min(
                                above[column - 1] + replaced,
                                Math.min(above[column], here[column - 1]) + 1);
            }
            above = here;
        }
        return above[b.length()];
    }
}
