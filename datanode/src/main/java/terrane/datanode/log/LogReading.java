package terrane.datanode.log;

import terrane.core.ClusterId;
import terrane.core.time.Clock;
import terrane.core.time.PlatformThreads;
import terrane.engine.wal.Wal;

/// What all readings of the log on one node share.
///
/// @param cluster whose records are read; others are counted and passed over
public record LogReading(
        Wal wal, ClusterId cluster, Clock clock, PlatformThreads threads, TailMeter meter) {}
