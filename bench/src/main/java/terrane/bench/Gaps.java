package terrane.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What writers waited for: pure arithmetic over their acknowledgements.
final class Gaps {
    private Gaps() {}

    /// For each change of leader the worst writer's time from its last acknowledgement under an
    /// earlier epoch to its first under this one.
    ///
    /// @return by the new epoch; an epoch that some writer never saw is another's only
    static SortedMap<Long, Long> byEpoch(List<Acknowledgements> writers) {
        var worst = new TreeMap<Long, Long>();
        for (var writer : writers) {
            for (int i = 1; i < writer.size(); i++) {
                if (writer.epoch(i) != writer.epoch(i - 1)) {
                    worst.merge(writer.epoch(i), writer.nanos(i) - writer.nanos(i - 1), Math::max);
                }
            }
        }
        return worst;
    }

    /// The same statistic where nothing moved: the worst writer's time between the two
    /// acknowledgements around each instant.
    static List<Long> around(List<Long> instants, List<Acknowledgements> writers) {
        var worst = new ArrayList<Long>();
        for (long instant : instants) {
            long longest =
                    writers.stream().mapToLong(each -> each.straddle(instant)).max().orElse(-1);
            if (longest >= 0) {
                worst.add(longest);
            }
        }
        return worst;
    }
}
