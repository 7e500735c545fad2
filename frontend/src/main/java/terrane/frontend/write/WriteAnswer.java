package terrane.frontend.write;

import terrane.core.Epoch;
import terrane.core.RegionId;

import java.util.List;
import java.util.stream.Collectors;

/// A write of which every row is in the log.
///
/// @param rows how many there were
/// @param regions each once
public record WriteAnswer(long rows, List<Acknowledged> regions) {
    /// Beyond so many regions [#epochs] only says that there are more: a header stays small.
    private static final int REGIONS_SHOWN_MAX = 64;

    public WriteAnswer {
        regions = List.copyOf(regions);
    }

    /// The epoch under which the last of a region's rows were acknowledged.
    public record Acknowledged(RegionId region, Epoch epoch) {}

    /// `region=epoch`, separated by commas, so that a client can tell a change of leader.
    public String epochs() {
        var shown =
                regions.stream()
                        .limit(REGIONS_SHOWN_MAX)
                        .map(each -> each.region() + "=" + each.epoch().value())
                        .collect(Collectors.joining(","));
        return regions.size() <= REGIONS_SHOWN_MAX ? shown : shown + ",...";
    }
}
