package terrane.datanode.region;

import org.jspecify.annotations.Nullable;

import terrane.core.ErrorCode;
import terrane.core.LeaderHint;
import terrane.core.ProcedureId;
import terrane.core.RegionId;
import terrane.core.TerraneException;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// The copies on this node, at most one for each region, and where those went that were here.
public final class Regions implements AutoCloseable {
    private final Map<RegionId, RegionCopy> copies = new ConcurrentHashMap<>();

    /// 10,000 hints of some 200 bytes are 2 MB. Who asks for a region whose hint is forgotten asks
    /// the metasrv next.
    static final int GONE_MAX = 10_000;

    /// Where those regions are that were here last. Guarded by itself.
    private final LinkedHashMap<RegionId, LeaderHint> gone = new LinkedHashMap<>();

    /// Bytes of all batches ever admitted here.
    private final LongAdder written = new LongAdder();

    /// The last count of bytes in memory, less what had been written by then.
    private volatile long counted;

    /// Those that a procedure or the metasrv has asked for since [#forgetAsked]; cleared every
    /// minute.
    private final Set<RegionCopy> asked = ConcurrentHashMap.newKeySet();

    /// The copy, whatever its role.
    Optional<RegionCopy> find(RegionId region) {
        return Optional.ofNullable(copies.get(region));
    }

    /// @throws TerraneException.NotLeader with a hint, if there is no copy
    RegionCopy copy(RegionId region) {
        var copy = copies.get(region);
        if (copy == null) {
            throw new TerraneException.NotLeader(
                    ErrorCode.REGION_ELSEWHERE,
                    "this node has no copy of the region: region=" + region,
                    hint(region),
                    null);
        }
        return copy;
    }

    /// The copy that this procedure opened.
    ///
    /// @throws TerraneException.Rejected if there is none, or it is another's
    RegionCopy copyOf(ProcedureId procedure, RegionId region) {
        var copy = copies.get(region);
        if (copy == null || !copy.procedure().equals(procedure)) {
            throw TerraneException.rejected(
                    ErrorCode.REGION_NOT_FOUND,
                    "no copy of that procedure here: region=%s procedure=%s",
                    region,
                    procedure);
        }
        asked.add(copy);
        return copy;
    }

    /// Somebody needs the copy.
    void asked(RegionCopy copy) {
        asked.add(copy);
    }

    /// Whether a procedure has asked for this copy lately.
    boolean wasAsked(RegionCopy copy) {
        return asked.contains(copy);
    }

    void forgetAsked() {
        asked.clear();
    }

    List<RegionCopy> all() {
        return List.copyOf(copies.values());
    }

    /// Puts a new copy in the place of an older one, which is closed.
    void put(RegionCopy copy) {
        closed(copies.put(copy.region(), copy));
    }

    /// Closes a copy and forgets it, if it is still the one of its region.
    void remove(RegionCopy copy) {
        if (copies.remove(copy.region(), copy)) {
            closed(copy);
        }
    }

    private void closed(@Nullable RegionCopy copy) {
        if (copy != null) {
            copy.describe().hint().ifPresent(hint -> remember(copy, hint));
            copy.close();
        }
    }

    private void remember(RegionCopy copy, LeaderHint hint) {
        if (!hint.leader().equals(copy.identity().me())) {
            remember(hint);
        }
    }

    /// The oldest hint goes when there are too many.
    void remember(LeaderHint hint) {
        synchronized (gone) {
            gone.putLast(hint.region(), hint);
            if (gone.size() > GONE_MAX) {
                gone.pollFirstEntry();
            }
        }
    }

    private @Nullable LeaderHint hint(RegionId region) {
        synchronized (gone) {
            return gone.get(region);
        }
    }

    /// All copies that lead now.
    List<RegionCopy> leading() {
        var leading = new ArrayList<RegionCopy>();
        for (var copy : copies.values()) {
            if (copy.role() instanceof Role.Leading) {
                leading.add(copy);
            }
        }
        return leading;
    }

    /// Those that follow for nobody.
    List<RegionCopy> hot() {
        return copies.values().stream()
                .filter(HotFollowers::isHot)
                .filter(copy -> copy.role() instanceof Role.Following)
                .toList();
    }

    /// Bytes of unflushed rows of copies that follow for nobody.
    long hotBytes() {
        return hot().stream().mapToLong(copy -> copy.replica().memoryBytes()).sum();
    }

    /// How many regions this node leads.
    public int leadingCount() {
        return leading().size();
    }

    int size() {
        return copies.size();
    }

    /// Bytes of unflushed rows on this node, counted now: looks at every copy. Without those that
    /// follow for nobody, which have a bound of their own: no flush here makes them smaller.
    public long memoryBytes() {
        long before = written.sum();
        long bytes =
                copies.values().stream().mapToLong(copy -> copy.replica().memoryBytes()).sum()
                        - hotBytes();
        counted = bytes - before;
        return bytes;
    }

    /// The last count and what was written since, for a question that comes with every write.
    long memoryEstimateBytes() {
        return counted + written.sum();
    }

    /// A batch was admitted.
    void wrote(long bytes) {
        written.add(bytes);
    }

    @Override
    public void close() {
        List.copyOf(copies.values()).forEach(this::remove);
    }
}
