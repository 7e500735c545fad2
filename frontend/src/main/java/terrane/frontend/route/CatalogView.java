package terrane.frontend.route;

import terrane.core.LeaderHint;
import terrane.core.RegionId;
import terrane.core.TableId;
import terrane.core.catalog.Table;
import terrane.core.catalog.TableName;
import terrane.wire.metasrv.ClientRequest.CatalogChanges;
import terrane.wire.metasrv.ClientRequest.TableDescription;
import terrane.wire.metasrv.PoisonReport;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Tables and leaders, merged from loads and hints in whatever order they come. Not thread-safe.
final class CatalogView {
    private final Map<TableId, Table> tables = new HashMap<>();
    private final TreeMap<TableName, Table> names = new TreeMap<>();
    private final Map<RegionId, RegionLeader> leaders = new HashMap<>();
    private final Map<RegionId, PoisonReport> waiting = new HashMap<>();
    private long version;
    private boolean loaded;

    /// Everything committed up to here is known; 0 before the first load.
    long version() {
        return version;
    }

    boolean loaded() {
        return loaded;
    }

    Optional<Table> table(TableName name) {
        return Optional.ofNullable(names.get(name));
    }

    Optional<Table> table(TableId id) {
        return Optional.ofNullable(tables.get(id));
    }

    List<Table> tables() {
        return List.copyOf(names.values());
    }

    Optional<RegionLeader> leader(RegionId region) {
        return Optional.ofNullable(leaders.get(region));
    }

    /// The record that nobody can lead the region because of.
    Optional<PoisonReport> poison(RegionId region) {
        return Optional.ofNullable(waiting.get(region));
    }

    /// @return whether anything may have changed: a load that is older than what is known is
    ///   ignored whole, for a newer one held all of it
    boolean merge(CatalogChanges changes) {
        if (loaded && changes.version() <= version) {
            return false;
        }
        if (changes.complete()) {
            var ids = changes.changed().stream().map(changed -> changed.table().id()).toList();
            List.copyOf(tables.keySet()).stream()
                    .filter(id -> !ids.contains(id))
                    .forEach(this::forget);
        }
        changes.dropped().forEach(this::forget);
        changes.changed().forEach(this::put);
        waiting.clear();
        changes.waiting().forEach(poison -> waiting.put(poison.region(), poison));
        version = changes.version();
        loaded = true;
        return true;
    }

    private void put(TableDescription description) {
        var table = description.table();
        var before = tables.put(table.id(), table);
        if (before != null) {
            names.remove(before.name(), before);
        }
        names.put(table.name(), table);
        for (var route : description.route().regions()) {
            leaders.merge(route.region(), RegionLeader.of(route), RegionLeader::merge);
        }
    }

    private void forget(TableId id) {
        var table = tables.remove(id);
        if (table != null) {
            // Its name may belong to a newer table by now.
            names.remove(table.name(), table);
            table.regions().forEach(leaders::remove);
        }
    }

    /// @return whether it said something new; a hint for a table that is not known is dropped
    boolean merge(LeaderHint hint) {
        var before = leaders.get(hint.region());
        if (before == null) {
            return false;
        }
        var after = before.merge(RegionLeader.of(hint));
        leaders.put(hint.region(), after);
        return !after.equals(before);
    }

    int regionCount() {
        return leaders.size();
    }
}
