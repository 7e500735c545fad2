package terrane.metasrv.wal;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import terrane.core.TerraneException;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Spoils one setting after the other of a topic that is fit.
class WalTopicRulesTest {
    private static Map<String, String> fit(int brokers) {
        var settings = new TreeMap<>(KafkaWalTopics.settings(brokers));
        settings.putIfAbsent("min.insync.replicas", "1");
        return settings;
    }

    private static void check(Map<String, String> settings, List<Integer> copies, int brokers) {
        WalTopicRules.check("wal", settings, copies, brokers);
    }

    @Test
    void topicsThatWeMakeAreFit() {
        assertThatCode(() -> check(fit(1), List.of(1), 1)).doesNotThrowAnyException();
        assertThatCode(() -> check(fit(3), List.of(3), 3)).doesNotThrowAnyException();
    }

    @Test
    void whatCouldLoseTheLogIsRefusedWithWhatToSet() {
        var spoilt =
                Map.of(
                        "cleanup.policy", "compact",
                        "retention.ms", "604800000",
                        "retention.bytes", "1000000",
                        "unclean.leader.election.enable", "true",
                        "max.message.bytes", "1048588",
                        "min.insync.replicas", "1");
        spoilt.forEach((name, value) -> {
            var settings = fit(3);
            settings.put(name, value);
            assertThatThrownBy(() -> check(settings, List.of(3), 3))
                    .isInstanceOf(TerraneException.Rejected.class)
                    .hasMessageContaining(name)
                    .hasMessageContaining("set it to");
        });
    }

    @Test
    void topicOfSeveralPartitionsOrOfOneCopyAmongSeveralBrokersIsRefused() {
        assertThatThrownBy(() -> check(fit(1), List.of(1, 1), 1))
                .hasMessageContaining("2 partitions");
        assertThatThrownBy(() -> check(fit(3), List.of(1), 3))
                .hasMessageContaining("replication factor");
    }
}
