package terrane.metasrv.raft;

import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

import terrane.core.Address;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// How Ratis is set up: small buffers, since three members may share a process with a whole
/// cluster, and a log that is on disk before anything is answered.
final class RaftSettings {
    /// A table of a thousand regions takes about 100 KiB.
    static final int CHANGE_BYTES_MAX = 512 << 10;

    /// Twice the largest change, and its surroundings.
    private static final SizeInBytes BATCH_BYTES = SizeInBytes.valueOf("1MB");

    private static final SizeInBytes WRITE_BUFFER_BYTES = SizeInBytes.valueOf("1100KB");

    /// How often a snapshot is taken, and how much of the log it lets go at once.
    ///
    /// @param entries of the log from one snapshot to the next
    /// @param purgeGap the log is cut when so many entries can go
    record Snapshots(long entries, int purgeGap) {
        /// A round for each batch of heartbeats is a dozen entries a second in a small cluster, so
        /// that a snapshot is taken about twice an hour and a restart replays at most as much.
        static final Snapshots DEFAULT = new Snapshots(20_000, 1_024);
    }

    /// A follower that has not heard of its leader for so long asks to be elected. A third of the
    /// default lease: half a second after the last heartbeat was answered the leader dies, a second
    /// later another is elected, and more than a second is left for nodes to find it.
    static final int ELECTION_MILLIS_MAX = 1_000;

    /// On two cores, shared with other programs, a leader was silent for 0.3 s now and then.
    private static final int ELECTION_MILLIS_MIN = 500;

    /// Nobody leads at the start, so that nobody is deposed by an election then.
    private static final int FIRST_ELECTION_MILLIS_MIN = 300;

    private static final int FIRST_ELECTION_MILLIS_MAX = 600;

    private RaftSettings() {}

    static RaftProperties of(Address bind, Path directory, Snapshots snapshots) {
        var properties = new RaftProperties();
        RaftServerConfigKeys.setStorageDir(properties, List.of(directory.toFile()));
        GrpcConfigKeys.Server.setHost(properties, bind.host());
        GrpcConfigKeys.Server.setPort(properties, bind.port());
        GrpcConfigKeys.setMessageSizeMax(properties, SizeInBytes.valueOf("8MB"));
        GrpcConfigKeys.Server.setLeaderOutstandingAppendsMax(properties, 16);
        timeouts(properties);
        log(properties);
        snapshots(properties, snapshots);
        return properties;
    }

    private static void timeouts(RaftProperties properties) {
        var min = millis(ELECTION_MILLIS_MIN);
        var max = millis(ELECTION_MILLIS_MAX);
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, min);
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, max);
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(
                properties, millis(FIRST_ELECTION_MILLIS_MIN));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(
                properties, millis(FIRST_ELECTION_MILLIS_MAX));
        RaftServerConfigKeys.Rpc.setRequestTimeout(properties, max);
        // A leader without a majority stops taking itself for one soon; no safety rests on it.
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(properties, millis(1000));
        // We never repeat a call under its number, so nothing need be remembered for that.
        RaftServerConfigKeys.RetryCache.setExpiryTime(properties, millis(1000));
    }

    private static void log(RaftProperties properties) {
        RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf("4MB"));
        RaftServerConfigKeys.Log.setPreallocatedSize(properties, SizeInBytes.valueOf("64KB"));
        RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, 2);
        RaftServerConfigKeys.Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf("8MB"));
        RaftServerConfigKeys.Log.setWriteBufferSize(properties, WRITE_BUFFER_BYTES);
        RaftServerConfigKeys.Log.setUnsafeFlushEnabled(properties, false);
        RaftServerConfigKeys.Log.setAsyncFlushEnabled(properties, false);
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, BATCH_BYTES);
        RaftServerConfigKeys.Log.Appender.setInstallSnapshotEnabled(properties, true);
    }

    private static void snapshots(RaftProperties properties, Snapshots snapshots) {
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
        RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, snapshots.entries());
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, 2);
        RaftServerConfigKeys.Log.setPurgeGap(properties, snapshots.purgeGap());
    }

    private static TimeDuration millis(long millis) {
        return TimeDuration.valueOf(millis, TimeUnit.MILLISECONDS);
    }
}
