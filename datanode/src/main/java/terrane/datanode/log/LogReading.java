package terrane.datanode.log;

import terrane.core.time.Clock;
import terrane.core.time.PlatformThreads;
import terrane.engine.wal.Wal;

/// What all readings of the log on one node share.
public record LogReading(Wal wal, Clock clock, PlatformThreads threads, TailMeter meter) {}
