package terrane.metasrv.wal;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What a topic must be like so that nothing which was acknowledged can get lost, and nothing which
/// we send can get stuck.
final class WalTopicRules {
    /// Twice the largest record (4 MiB).
    static final int MESSAGE_BYTES_MIN = 8 << 20;

    private WalTopicRules() {}

    /// @param copies for each partition, on how many brokers it is
    /// @throws TerraneException.Rejected with everything that is wrong, and what to set
    static void check(
            String topic, Map<String, String> settings, List<Integer> copies, int brokers) {
        var faults = new ArrayList<String>();
        if (copies.size() != 1) {
            faults.add("it has %d partitions, not 1".formatted(copies.size()));
        }
        require(faults, settings, "cleanup.policy", "delete");
        require(faults, settings, "retention.ms", "-1");
        require(faults, settings, "retention.bytes", "-1");
        require(faults, settings, "unclean.leader.election.enable", "false");
        long message = number(settings, "max.message.bytes");
        if (message < MESSAGE_BYTES_MIN) {
            faults.add(
                    "max.message.bytes is %d, set it to %d".formatted(message, MESSAGE_BYTES_MIN));
        }
        if (brokers > 1) {
            checkCopies(faults, settings, copies);
        }
        if (!faults.isEmpty()) {
            throw TerraneException.rejected(
                    ErrorCode.WAL_UNFIT,
                    "the wal could be lost: topic=%s: %s",
                    topic,
                    String.join("; ", faults));
        }
    }

    /// A lone broker has nobody to copy to; a cluster that could copy and does not is a mistake.
    private static void checkCopies(
            List<String> faults, Map<String, String> settings, List<Integer> copies) {
        if (number(settings, "min.insync.replicas") < 2) {
            faults.add("min.insync.replicas is below 2, set it to 2");
        }
        if (copies.stream().anyMatch(count -> count < 2)) {
            faults.add("it has one copy only, set its replication factor to 3");
        }
    }

    private static void require(
            List<String> faults, Map<String, String> settings, String name, String wanted) {
        var value = settings.getOrDefault(name, "unknown");
        if (!value.equals(wanted)) {
            faults.add("%s is %s, set it to %s".formatted(name, value, wanted));
        }
    }

    private static long number(Map<String, String> settings, String name) {
        try {
            return Long.parseLong(settings.getOrDefault(name, "0"));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
