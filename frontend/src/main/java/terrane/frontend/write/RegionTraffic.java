package terrane.frontend.write;

import terrane.core.RegionId;
import terrane.core.WalOffset;

import java.util.Optional;
import java.util.function.Consumer;

/// What this frontend remembers of its writes to one region.
final class RegionTraffic {
    final GapMeter gaps;
    final ByteBudget budget;
    private Optional<WalOffset> end = Optional.empty();

    RegionTraffic(RegionId region, long heldBytesMax, Consumer<GapMeter.Gap> told) {
        gaps = new GapMeter(region, told);
        budget = new ByteBudget("region " + region, heldBytesMax);
    }

    /// An offset below which everything was applied when a leader last said so.
    synchronized Optional<WalOffset> end() {
        return end;
    }

    synchronized void advance(WalOffset applied) {
        if (end.isEmpty() || end.get().compareTo(applied) < 0) {
            end = Optional.of(applied);
        }
    }

    /// The next write asks again.
    synchronized void forgetEnd() {
        end = Optional.empty();
    }
}
