package terrane.sim.cluster;

import terrane.core.PeerId;
import terrane.core.ProcedureId;
import terrane.core.RegionId;
import terrane.core.migration.Plan;
import terrane.wire.Reply;
import terrane.wire.metasrv.ClientRequest;

import java.time.Duration;
import java.util.Optional;

/// Somebody who moves regions, through the last of the frontends.
public final class Operator {
    private static final Duration ASK_MAX = Duration.ofSeconds(5);

    private final SimCluster cluster;
    private final Clients clients;

    public Operator(SimCluster cluster) {
        this.cluster = cluster;
        this.clients = new Clients(cluster);
    }

    /// Asks for a migration; it begins soon.
    public void begin(RegionId region, PeerId source, PeerId target) {
        ask(
                new ClientRequest.MigrateRegion(
                        region, source, target, Plan.Limits.DEFAULT, Optional.empty()));
    }

    /// Asks for its end.
    public void cancel(ProcedureId procedure) {
        ask(new ClientRequest.CancelProcedure(procedure));
    }

    private <R extends Reply> void ask(ClientRequest<R> request) {
        clients.process().spawn("operator", () -> askNow(request));
    }

    private <R extends Reply> void askNow(ClientRequest<R> request) {
        try {
            clients.call(
                    cluster.frontends().getLast(),
                    parts -> parts.metasrv().call(request, ASK_MAX),
                    ASK_MAX.plusSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
