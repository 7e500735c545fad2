package terrane.metasrv.procedure;

import terrane.core.ErrorCode;
import terrane.core.Node;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.WalPartition;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Regions that nobody can lead because a record of theirs cannot be read, and what operators said
/// about it. Known to one metasrv leader: the next one hears of them again from its first claims. A
/// decision is durable once a claim has written it into the region's manifest; until then whoever
/// decided waits, and repeats it.
public final class Quarantine {
    /// At most one for each region.
    private final Map<RegionId, Poison> poisons = new ConcurrentHashMap<>();

    private final Map<RegionId, WalOffset> skips = new ConcurrentHashMap<>();

    /// @param rows whether it is rows, and nothing else that replay rests on
    /// @param node who could not read it last
    public record Poison(
            RegionId region,
            WalPartition wal,
            WalOffset offset,
            boolean rows,
            Node node,
            String reason) {}

    void found(Poison poison) {
        poisons.put(poison.region(), poison);
        // One that was to be skipped and lies before it has been.
        skips.computeIfPresent(
                poison.region(), (_, skip) -> skip.equals(poison.offset()) ? skip : null);
    }

    /// The region is led, or is no more.
    void forget(RegionId region) {
        skips.remove(region);
        poisons.remove(region);
    }

    /// What the next claim of the region is to give up.
    Optional<WalOffset> skip(RegionId region) {
        return Optional.ofNullable(skips.get(region));
    }

    Optional<Poison> of(RegionId region) {
        return Optional.ofNullable(poisons.get(region));
    }

    /// All that wait, in the order of their regions.
    List<Poison> all() {
        return poisons.values().stream().sorted(Comparator.comparing(Poison::region)).toList();
    }

    /// Has the next claim of the region give up that record.
    ///
    /// @throws TerraneException.Rejected unless it is the very one that the region waits at
    void order(RegionId region, WalOffset offset) {
        var poison = poisons.get(region);
        if (poison == null) {
            throw TerraneException.rejected(
                    ErrorCode.INVALID_ARGUMENT,
                    "the region waits at no record: region_id=%s; nothing is skipped",
                    region);
        }
        if (!poison.offset().equals(offset)) {
            throw TerraneException.rejected(
                    ErrorCode.INVALID_ARGUMENT,
                    "the region waits at another record: region_id=%s offset=%s; nothing is"
                            + " skipped",
                    region,
                    poison.offset());
        }
        if (!poison.rows()) {
            throw TerraneException.rejected(
                    ErrorCode.INVALID_ARGUMENT,
                    "the record says of itself that it is a fence or a schema, on which what comes"
                        + " after it rests: region_id=%s offset=%s; a program that can read it is"
                        + " needed",
                    region,
                    offset);
        }
        skips.put(region, offset);
    }
}
