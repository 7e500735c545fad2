package terrane.engine.region;

import terrane.core.scan.TimeRange;
import terrane.engine.memtable.Snapshot;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Which sources of a scan may hold versions of the same row: those whose times overlap, directly
/// or through others, within the times that are asked for.
final class Overlap {
    private Overlap() {}

    /// @param memtables by their numbers in the list that was given
    record Group(List<SourceFile> files, List<Integer> memtables) {
        /// A file has no duplicates in itself; a memtable may.
        boolean isSingleFile() {
            return files.size() == 1 && memtables.isEmpty();
        }
    }

    private record Span(TimeRange times, List<SourceFile> files, List<Integer> memtables) {}

    /// Sources without a time in the range are in no group.
    static List<Group> groups(TimeRange times, List<SourceFile> files, List<Snapshot> memtables) {
        var spans =
                Stream.concat(
                                files.stream().map(file -> span(times, file)),
                                IntStream.range(0, memtables.size())
                                        .mapToObj(i -> span(times, memtables.get(i), i)))
                        .filter(span -> !span.times().isEmpty())
                        .sorted(Comparator.comparingLong(span -> span.times().from()))
                        .toList();
        var groups = new ArrayList<Group>();
        long end = Long.MIN_VALUE;
        for (var span : spans) {
            if (groups.isEmpty() || span.times().from() > end) {
                groups.add(new Group(new ArrayList<>(), new ArrayList<>()));
            }
            groups.getLast().files().addAll(span.files());
            groups.getLast().memtables().addAll(span.memtables());
            end = Math.max(end, span.times().to());
        }
        return groups;
    }

    private static Span span(TimeRange asked, SourceFile source) {
        var file = source.file();
        var times = clip(asked, new TimeRange(file.minTime(), file.maxTime()));
        return new Span(times, List.of(source), List.of());
    }

    private static Span span(TimeRange asked, Snapshot snapshot, int number) {
        return new Span(clip(asked, snapshot.times()), List.of(), List.of(number));
    }

    private static TimeRange clip(TimeRange asked, TimeRange times) {
        return new TimeRange(
                Math.max(asked.from(), times.from()), Math.min(asked.to(), times.to()));
    }
}
