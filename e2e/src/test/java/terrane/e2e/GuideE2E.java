package terrane.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import terrane.e2e.cluster.UpCluster;

import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// The documented guide, word for word, with nothing but `curl`, against `terrane up`: each of its
/// three metasrvs leads in turn, and each that runs is asked.
class GuideE2E {
    /// The third leader is certain at once unless this machine stood still for seconds.
    private static final int ROUNDS_MAX = 8;

    private static final Duration ELECTION_MAX = Duration.ofSeconds(60);

    @Test
    void guideMovesARegionWhicheverMetasrvLeads() throws Exception {
        try (var cluster = UpCluster.start("guide")) {
            cluster.sql("CREATE TABLE guide (ts TIMESTAMP TIME INDEX, x DOUBLE)");
            var guide = new Guide(cluster, "guide");
            int first = awaitLeader(cluster, List.of(0, 1, 2));
            guide.follow(List.of(0, 1, 2));

            cluster.kill(first);
            int second = awaitLeader(cluster, others(first));
            guide.follow(others(first));

            // Who was dead has missed entries of the log that the third has, so that of these two
            // only the third can be elected.
            int third = 3 - first - second;
            cluster.awaitStartedAgain(first);
            cluster.pause(first);
            cluster.pause(second);
            cluster.resume(first);
            int paused = second;
            int leader = awaitLeader(cluster, others(paused));
            for (int round = 0; leader != third && round < ROUNDS_MAX; round++) {
                cluster.pause(leader);
                cluster.resume(paused);
                paused = leader;
                leader = awaitLeader(cluster, others(paused));
            }
            assertThat(leader).isEqualTo(third);
            guide.follow(others(paused));
        }
    }

    private static List<Integer> others(int metasrv) {
        return IntStream.range(0, 3).filter(other -> other != metasrv).boxed().toList();
    }

    /// Waits until all of these name the same one of them.
    private static int awaitLeader(UpCluster cluster, List<Integer> running) {
        var addresses = running.stream().map(cluster::metasrv).toList();
        var leader =
                await("one of " + running + " leads")
                        .atMost(ELECTION_MAX)
                        .pollInterval(Duration.ofMillis(50))
                        .until(() -> named(addresses), addresses::contains);
        return running.get(addresses.indexOf(leader));
    }

    private static String named(List<String> addresses) throws Exception {
        var said = new TreeSet<String>();
        for (var address : addresses) {
            var answer = Curl.answer(address + "/admin/leader");
            said.add(answer.status() == 200 ? answer.body() : "");
        }
        return said.size() == 1 ? said.first() : "";
    }
}
