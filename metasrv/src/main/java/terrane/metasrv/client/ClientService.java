package terrane.metasrv.client;

import terrane.core.Randomness;
import terrane.core.catalog.Change;
import terrane.core.time.Clock;
import terrane.metasrv.node.RegionNews;
import terrane.metasrv.node.Registry;
import terrane.metasrv.procedure.MigrationRequests;
import terrane.metasrv.procedure.ProcedureReports;
import terrane.metasrv.raft.CatalogStore;
import terrane.wire.Reply;
import terrane.wire.metasrv.ClientRequest;

/// Answers what frontends and command lines ask of the leader. Made for one leadership.
public final class ClientService {
    private final CatalogStore store;
    private final MigrationRequests migrations;
    private final TableRequests tables;
    private final CatalogWatch watch;
    private final Frontends frontends;
    private final NodeList nodes;
    private final PoisonList poisons;

    public ClientService(
            CatalogStore store,
            Registry registry,
            RegionNews news,
            MigrationRequests migrations,
            NodeList.Metasrvs metasrvs,
            Clock clock,
            Randomness randomness) {
        this.store = store;
        this.migrations = migrations;
        this.tables = new TableRequests(store, registry, clock, randomness);
        this.poisons = new PoisonList(store, news, migrations);
        this.watch = new CatalogWatch(store, poisons::waiting, clock);
        this.frontends = new Frontends(clock);
        this.nodes = new NodeList(store, registry, news.flushed(), frontends, metasrvs, clock);
    }

    public NodeList nodes() {
        return nodes;
    }

    public PoisonList poisons() {
        return poisons;
    }

    public Reply answer(ClientRequest<?> request) throws InterruptedException {
        return switch (request) {
            case ClientRequest.Hello r -> hello(r);
            case ClientRequest.CreateTable r -> tables.create(r);
            case ClientRequest.DropTable r -> tables.drop(r);
            case ClientRequest.AddColumns r -> tables.addColumns(r);
            case ClientRequest.WatchCatalog r -> watch.watch(r);
            case ClientRequest.FlushTable r -> tables.flush(r);
            case ClientRequest.MigrateRegion r -> migrate(r);
            case ClientRequest.CancelProcedure r -> cancel(r);
            case ClientRequest.ListProcedures r -> procedures(r);
            case ClientRequest.ListNodes _ -> new ClientRequest.Nodes(nodes.all());
            case ClientRequest.ListFollowers _ -> followers();
            case ClientRequest.ListPoisons _ -> new ClientRequest.Poisons(poisons.all());
            case ClientRequest.ReportWriteGap r -> writeGap(r);
        };
    }

    private Reply followers() {
        return new ClientRequest.Followers(
                migrations.followers().all().stream()
                        .map(each ->
                                new ClientRequest.Follower(
                                        each.region(), each.node().peer(), each.caughtUp()))
                        .toList());
    }

    private Reply hello(ClientRequest.Hello hello) {
        frontends.hello(hello);
        return new Reply.Ack();
    }

    private Reply migrate(ClientRequest.MigrateRegion r) throws InterruptedException {
        var move =
                new MigrationRequests.Move(
                        r.region(), r.source(), r.target(), r.limits(), r.requestId());
        return new ClientRequest.Submitted(migrations.submit(move));
    }

    private Reply cancel(ClientRequest.CancelProcedure r) throws InterruptedException {
        migrations.cancel(r.procedure());
        return new Reply.Ack();
    }

    private Reply procedures(ClientRequest.ListProcedures r) {
        var newestFirst =
                store.read(catalog ->
                        catalog.procedures().stream()
                                .filter(p -> r.procedure().map(p.id()::equals).orElse(true))
                                .map(ProcedureReports::of)
                                .toList()
                                .reversed());
        return new ClientRequest.Procedures(newestFirst);
    }

    /// A report about an epoch that no remembered procedure gave is of no use and no fault.
    private Reply writeGap(ClientRequest.ReportWriteGap r) throws InterruptedException {
        store.commit(new Change.RecordWriteGap(r.region(), r.epoch(), r.gap()));
        return new Reply.Ack();
    }
}
