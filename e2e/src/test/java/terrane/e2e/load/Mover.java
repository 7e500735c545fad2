package terrane.e2e.load;

import static org.assertj.core.api.Assertions.assertThat;

import terrane.e2e.cluster.Admin;
import terrane.e2e.cluster.TestCluster;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Moves the regions of [Tables] from datanode to datanode, one after the other.
public final class Mover {
    private final Admin admin;

    public Mover(TestCluster cluster) {
        this.admin = new Admin(cluster);
    }

    /// The regions of both tables.
    public List<Admin.RegionAt> regions() {
        var regions = new ArrayList<>(admin.route(Tables.LOG));
        regions.addAll(admin.route(Tables.GAUGE));
        return regions;
    }

    /// A move that was asked for.
    public record Move(String procedure, int source, int target) {}

    /// A region that is about to be moved to the datanode after its own.
    public record Way(String region, int source, int target) {}

    /// The way of a region that is led.
    ///
    /// @param index in [#regions]
    public Way way(int index) {
        var region = regions().get(index);
        int source = region.leader().orElseThrow();
        return new Way(region.region(), source, (source + 1) % TestCluster.DATANODES);
    }

    /// Begins to move the region to the datanode after its own.
    ///
    /// @param index in [#regions]
    public Move begin(int index) {
        return begin(way(index));
    }

    public Move begin(Way way) {
        var request = UUID.randomUUID().toString();
        var procedure = admin.migrate(way.region(), way.source(), way.target(), request);
        return new Move(procedure.orElseThrow(), way.source(), way.target());
    }

    /// Where it is now.
    public String stage(Move move) {
        return admin.procedure(move.procedure()).path("stage").asString();
    }

    /// Waits until it is in another stage than this one, or the time is over.
    ///
    /// @return in which it is then
    public String stageAfter(Move move, String stage, Duration atMost) {
        return admin.stageAfter(move.procedure(), stage, atMost);
    }

    /// Waits until it has ended, however.
    public JsonNode awaitEnd(Move move) {
        return admin.awaitEnd(move.procedure());
    }

    /// One migration after the other, in turn through all regions, each of which must succeed.
    ///
    /// @return what the admin API says of each
    public List<JsonNode> move(int times) {
        var ended = new ArrayList<JsonNode>();
        int count = regions().size();
        for (int i = 0; i < times; i++) {
            var procedure = awaitEnd(begin(i % count));
            assertThat(procedure.path("status").asString()).as("%s", procedure).isEqualTo("Done");
            ended.add(procedure);
        }
        return ended;
    }
}
