package terrane.frontend.route;

import terrane.core.ErrorCode;
import terrane.core.TableId;
import terrane.core.TerraneException;
import terrane.core.catalog.Table;
import terrane.core.catalog.TableName;
import terrane.core.time.Clock;
import terrane.wire.metasrv.ClientRequest.AddColumns;
import terrane.wire.metasrv.ClientRequest.CreateTable;
import terrane.wire.metasrv.ClientRequest.DropTable;

import java.time.Duration;
import java.util.Optional;

/// Changes tables at the metasrv and answers when this frontend's own cache has the change, so that
/// a client's next statement sees it.
public final class TableChanger {
    /// How long a statement about an unknown table waits for a metasrv that could know it.
    private static final Duration LOOKUP_MAX = Duration.ofSeconds(3);

    private final MetasrvClient metasrv;
    private final CatalogCache cache;
    private final Clock clock;
    private final Duration atMost;

    /// @param atMost for one change, the wait for all its regions included
    public TableChanger(MetasrvClient metasrv, CatalogCache cache, Clock clock, Duration atMost) {
        this.metasrv = metasrv;
        this.cache = cache;
        this.clock = clock;
        this.atMost = atMost;
    }

    public void create(CreateTable request) throws InterruptedException {
        long deadline = clock.nanosAfter(atMost);
        // After an unknown outcome the table that is there is taken for ours.
        var again =
                new CreateTable(
                        request.name(),
                        request.schema(),
                        request.partitions(),
                        request.options(),
                        true);
        var made = metasrv.call(request, again, atMost);
        int id = made.table().id().value();
        // A table of the same name with a greater id was made after ours was dropped.
        cache.await(
                tables ->
                        tables.table(request.name())
                                .filter(t -> Integer.compareUnsigned(t.id().value(), id) >= 0)
                                .isPresent(),
                clock.until(deadline));
    }

    public void drop(DropTable request) throws InterruptedException {
        long deadline = clock.nanosAfter(atMost);
        // Without the table's id a table that somebody made meanwhile cannot be told apart from the
        // one that was dropped, so it is looked up before.
        cache.refresh(atMost);
        var before = cache.table(request.name());
        metasrv.call(request, new DropTable(request.name(), true), clock.until(deadline));
        if (before.isPresent()) {
            var id = before.get().id();
            cache.await(_ -> cache.table(id).isEmpty(), clock.until(deadline));
        }
    }

    public void addColumns(AddColumns request) throws InterruptedException {
        long deadline = clock.nanosAfter(atMost);
        var again = new AddColumns(request.name(), request.columns(), true);
        var made = metasrv.call(request, again, atMost);
        int version = made.table().schema().version();
        cache.await(
                tables -> schemaVersion(tables.table(request.name()), made.table().id(), version),
                clock.until(deadline));
    }

    private static boolean schemaVersion(Optional<Table> known, TableId id, int version) {
        return known.isEmpty()
                || !known.get().id().equals(id)
                || known.get().schema().version() >= version;
    }

    /// Looks a table up, asking the metasrv before it says that there is none.
    ///
    /// @throws terrane.core.TerraneException.Rejected if there is none
    public Table existing(TableName name) throws InterruptedException {
        var known = cache.table(name);
        if (known.isEmpty()) {
            cache.refresh(LOOKUP_MAX);
            known = cache.table(name);
        }
        return known.orElseThrow(() ->
                TerraneException.rejected(
                        ErrorCode.TABLE_NOT_FOUND, "table '%s' does not exist", name.table()));
    }
}
