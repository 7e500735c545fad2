package terrane.metasrv.client;

import terrane.core.ErrorCode;
import terrane.core.Node;
import terrane.core.ProcedureId;
import terrane.core.Randomness;
import terrane.core.RegionId;
import terrane.core.TableId;
import terrane.core.TerraneException;
import terrane.core.catalog.Applied;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.Change;
import terrane.core.catalog.Leadership;
import terrane.core.catalog.Procedure;
import terrane.core.catalog.Table;
import terrane.core.catalog.TableName;
import terrane.core.catalog.TableRecord;
import terrane.core.time.Clock;
import terrane.metasrv.node.Orders;
import terrane.metasrv.raft.CatalogStore;
import terrane.wire.Reply;
import terrane.wire.datanode.Order;
import terrane.wire.metasrv.ClientRequest;
import terrane.wire.metasrv.ClientRequest.TableDescription;

import java.time.Duration;
import java.util.Optional;

/// Makes, changes and drops tables. What takes long is done by procedures; here it is submitted,
/// and waited for.
final class TableRequests {
    /// Less than the 30 s after which frontends stop asking, so that the answer says what is
    /// missing.
    private static final Duration WAIT_MAX = Duration.ofSeconds(25);

    private static final Duration AGAIN_AFTER = Duration.ofMillis(20);

    /// Each try writes a file.
    private static final Duration FLUSH_AGAIN_AFTER = Duration.ofMillis(200);

    /// The last try has that long for its answer, within the time of the whole.
    private static final Duration FLUSH_TRY_MIN = Duration.ofSeconds(5);

    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private final CatalogStore store;
    private final Orders orders;
    private final Placements placements;
    private final Clock clock;
    private final Randomness randomness;

    TableRequests(CatalogStore store, Orders orders, Clock clock, Randomness randomness) {
        this.store = store;
        this.orders = orders;
        this.placements = new Placements(store, orders, randomness);
        this.clock = clock;
        this.randomness = randomness;
    }

    /// Blocks until every region leads.
    ///
    /// @throws TerraneException.Uncertain if the table was made and not all regions lead in time
    TableDescription create(ClientRequest.CreateTable request) throws InterruptedException {
        SchemaRules.check(request);
        long deadline = clock.nanosAfter(WAIT_MAX);
        while (true) {
            var known = store.read(catalog -> catalog.table(request.name()));
            if (known.isPresent()) {
                if (!request.ifNotExists()) {
                    throw exists(request.name());
                }
                return awaitLed(known.get().table(), deadline);
            }
            var made = tryCreate(request);
            if (made.isPresent()) {
                var table = store.read(catalog -> catalog.table(made.get()));
                return awaitLed(
                        table.map(TableRecord::table).orElseThrow(() -> gone(request.name())),
                        deadline);
            }
            pauseUnless(deadline, "the table could not be made in time: " + request.name());
        }
    }

    private Optional<TableId> tryCreate(ClientRequest.CreateTable request)
            throws InterruptedException {
        var change =
                new Change.CreateTable(
                        request.name(),
                        request.schema(),
                        request.partitions(),
                        request.options(),
                        placements.choose(request.partitions().regionCount()),
                        clock.now());
        return switch (store.commit(change)) {
            case Applied.Created created -> Optional.of(created.table());
            case Applied.Done _, Applied.Repeated _, Applied.Stale _ -> Optional.empty();
            // Somebody made it a moment ago: the next round sees it.
            case Applied.Refused(var code, _) when code == ErrorCode.TABLE_EXISTS ->
                    Optional.empty();
            case Applied.Refused(var code, _) when code == ErrorCode.WAL_UNFIT ->
                    throw TerraneException.unavailable(
                            ErrorCode.WAL_UNAVAILABLE, "the wal's topics are not made yet");
            case Applied.Refused(var code, var text) ->
                    throw new TerraneException.Rejected(code, text, null);
        };
    }

    private TableDescription awaitLed(Table table, long deadline) throws InterruptedException {
        while (true) {
            long version = store.read(Catalog::version);
            var current = store.read(catalog -> catalog.table(table.id()));
            if (current.isEmpty()) {
                throw gone(table.name());
            }
            if (store.read(catalog -> allLed(catalog, table.id()))) {
                return describe(table.id(), table.name());
            }
            if (clock.passed(deadline)) {
                throw TerraneException.uncertain(
                        ErrorCode.TIMED_OUT,
                        "the table was made, but not all of its regions lead yet: %s",
                        table.name());
            }
            store.awaitChange(version, shorter(LOOK_EVERY, clock.until(deadline)));
        }
    }

    private static boolean allLed(Catalog catalog, TableId id) {
        return catalog.regions(id).stream()
                .noneMatch(region -> region.leadership() instanceof Leadership.Reclaiming);
    }

    private TableDescription describe(TableId id, TableName name) {
        return store.read(catalog -> TableDescriptions.of(catalog, id))
                .orElseThrow(() -> gone(name));
    }

    /// Returns once nobody sees the table any more; its files go later.
    Reply.Ack drop(ClientRequest.DropTable request) throws InterruptedException {
        long deadline = clock.nanosAfter(WAIT_MAX);
        while (true) {
            var table = store.read(catalog -> catalog.table(request.name()));
            if (table.isEmpty()) {
                if (request.ifExists()) {
                    return new Reply.Ack();
                }
                throw notFound(request.name());
            }
            var change =
                    new Change.DropTable(
                            ProcedureId.random(randomness), table.get().table().id(), clock.now());
            if (committed(change)) {
                return new Reply.Ack();
            }
            pauseUnless(deadline, "a region of the table is being handed over: " + request.name());
        }
    }

    /// Blocks until every region has the columns.
    TableDescription addColumns(ClientRequest.AddColumns request) throws InterruptedException {
        long deadline = clock.nanosAfter(WAIT_MAX);
        while (true) {
            var table =
                    store.read(catalog -> catalog.table(request.name()))
                            .map(TableRecord::table)
                            .orElseThrow(() -> notFound(request.name()));
            var schema =
                    SchemaRules.extended(
                            request.name(),
                            table.schema(),
                            request.columns(),
                            request.ifNotExists());
            if (schema.isEmpty()) {
                return describe(table.id(), table.name());
            }
            var id = ProcedureId.random(randomness);
            if (committed(new Change.SubmitAlter(id, table.id(), schema.get(), clock.now()))) {
                awaitEnd(id, table.name(), deadline);
                return describe(table.id(), table.name());
            }
            pauseUnless(deadline, "another change of the table is underway: " + request.name());
        }
    }

    private void awaitEnd(ProcedureId id, TableName name, long deadline)
            throws InterruptedException {
        while (true) {
            long version = store.read(Catalog::version);
            if (store.read(
                    catalog -> catalog.procedure(id).map(Procedure::finished).orElse(true))) {
                return;
            }
            if (clock.passed(deadline)) {
                throw TerraneException.uncertain(
                        ErrorCode.TIMED_OUT,
                        "the change goes on, not all regions have it yet: table=%s procedure_id=%s",
                        name,
                        id);
            }
            store.awaitChange(version, shorter(LOOK_EVERY, clock.until(deadline)));
        }
    }

    /// Blocks until everything that was applied when it began is in files.
    ///
    /// @throws TerraneException.Unavailable if that took too long, with what the last try met
    Reply.Ack flush(ClientRequest.FlushTable request) throws InterruptedException {
        long deadline = clock.nanosAfter(WAIT_MAX.minus(FLUSH_TRY_MIN));
        var table =
                store.read(catalog -> catalog.table(request.name()))
                        .orElseThrow(() -> notFound(request.name()));
        for (var region : table.table().regions()) {
            flush(region, deadline);
        }
        return new Reply.Ack();
    }

    private void flush(RegionId region, long deadline) throws InterruptedException {
        var failure = tryFlush(region, deadline);
        while (failure.isPresent()) {
            if (clock.passed(deadline)) {
                throw TerraneException.unavailable(
                        failure.get().code(),
                        "a region could not be flushed in time, its rows are in the log: region=%s"
                                + " cause=%s",
                        region,
                        failure.get().text());
            }
            clock.sleep(FLUSH_AGAIN_AFTER);
            failure = tryFlush(region, deadline);
        }
    }

    /// @return why it is to be tried again, with whoever leads then
    private Optional<TerraneException> tryFlush(RegionId id, long deadline)
            throws InterruptedException {
        var region = store.read(catalog -> catalog.region(id));
        if (region.isEmpty()) {
            return Optional.empty(); // it is gone and needs no flush
        }
        if (!(region.get().leadership() instanceof Leadership.Led(Node node, var epoch))) {
            return Optional.of(
                    TerraneException.unavailable(ErrorCode.NOT_READY, "nobody leads it"));
        }
        try {
            var atMost = clock.until(deadline).plus(FLUSH_TRY_MIN);
            orders.order(node, new Order.Flush(id, epoch), atMost);
            return Optional.empty();
        } catch (TerraneException.NotLeader
                | TerraneException.Unavailable
                | TerraneException.Uncertain e) {
            return Optional.of(e);
        }
    }

    /// @return false if it was computed from something that has changed
    private boolean committed(Change change) throws InterruptedException {
        return switch (store.commit(change)) {
            case Applied.Done _, Applied.Created _, Applied.Repeated _ -> true;
            case Applied.Stale _ -> false;
            case Applied.Refused(var code, _) when code == ErrorCode.TABLE_NOT_FOUND -> false;
            case Applied.Refused(var code, var text) ->
                    throw new TerraneException.Rejected(code, text, null);
        };
    }

    private void pauseUnless(long deadline, String late) throws InterruptedException {
        if (clock.passed(deadline)) {
            throw TerraneException.unavailable(ErrorCode.TIMED_OUT, "%s", late);
        }
        clock.sleep(AGAIN_AFTER);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static TerraneException.Rejected exists(TableName name) {
        return TerraneException.rejected(ErrorCode.TABLE_EXISTS, "the table exists: %s", name);
    }

    private static TerraneException.Rejected notFound(TableName name) {
        return TerraneException.rejected(ErrorCode.TABLE_NOT_FOUND, "no such table: %s", name);
    }

    private static TerraneException.Rejected gone(TableName name) {
        return TerraneException.rejected(
                ErrorCode.TABLE_NOT_FOUND, "the table was dropped meanwhile: %s", name);
    }
}
