package terrane.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// What must hold of a cluster in which nothing is broken any more: every procedure has ended,
/// every region has exactly one leader, which serves, and no certificate says that the two ends of
/// a migration differ.
public final class ClusterInvariants {
    private static final Duration SETTLE_MAX = Duration.ofSeconds(90);

    private ClusterInvariants() {}

    /// @param tables whose regions are looked at
    public static void check(TestCluster cluster, List<String> tables)
            throws IOException, InterruptedException {
        var admin = new Admin(cluster);
        await("every procedure ends and every region is led")
                .atMost(SETTLE_MAX)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptionsInstanceOf(IOException.class)
                .untilAsserted(() -> {
                    checkEnded(admin.procedures());
                    for (var table : tables) {
                        checkLed(admin.route(table));
                    }
                });
        for (var procedure : admin.procedures()) {
            assertThat(procedure.path("certificate").path("agreed").asString("null"))
                    .as("certificate of %s", procedure)
                    .isNotEqualTo("false");
        }
        for (var table : tables) {
            cluster.sql("SELECT count(*) FROM " + table);
        }
    }

    private static void checkEnded(List<JsonNode> procedures) {
        assertThat(procedures).noneMatch(each -> each.path("status").asString().equals("Running"));
    }

    private static void checkLed(List<Admin.RegionAt> regions) {
        assertThat(regions)
                .isNotEmpty()
                .allMatch(region -> region.leader().isPresent() && !region.handingOver());
    }
}
