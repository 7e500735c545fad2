package terrane.core;

/// Who leads a region, exactly: whoever follows it names the same epoch and incarnation, and the
/// highest epoch wins, whatever its source.
public record LeaderHint(RegionId region, Epoch epoch, Node leader, Address address) {}
