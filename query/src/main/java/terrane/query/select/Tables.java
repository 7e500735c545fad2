package terrane.query.select;

import terrane.core.catalog.Table;
import terrane.core.catalog.TableName;

import java.util.List;
import java.util.Optional;

/// The tables that exist, at one moment or nearly so.
public interface Tables {
    Optional<Table> table(TableName name);

    /// All of them, of all schemas, in order of their names.
    List<Table> all();

    /// A fixed list of tables.
    static Tables of(List<Table> tables) {
        var list = List.copyOf(tables);
        return new Tables() {
            @Override
            public Optional<Table> table(TableName name) {
                return list.stream().filter(table -> table.name().equals(name)).findFirst();
            }

            @Override
            public List<Table> all() {
                return list;
            }
        };
    }
}
