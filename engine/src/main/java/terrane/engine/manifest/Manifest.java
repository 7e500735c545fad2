package terrane.engine.manifest;

import terrane.core.ClusterId;
import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.Incarnation;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.catalog.TableSchema;
import terrane.core.wal.KeyWindow;

import java.util.List;
import java.util.stream.Stream;

/// One version of what a region consists of: complete, so that one read opens the region.
///
/// @param version from 1
/// @param writer who created it, and as whom
/// @param flushed everything below is in `files`; replay starts here
/// @param fenceEpoch the epoch in force at `flushed`: where the replay rule starts
/// @param keys the idempotency keys that the log up to `flushed` leaves remembered
/// @param skipped records that an operator gave up because nobody can read them: every replay
///   passes over what lies at these offsets, and the list is kept as the record of what was lost
public record Manifest(
        ClusterId cluster,
        RegionId region,
        long version,
        Writer writer,
        WalPartition wal,
        String walTopicId,
        TableSchema schema,
        WalOffset flushed,
        Epoch fenceEpoch,
        List<DataFile> files,
        KeyWindow.Image keys,
        List<WalOffset> skipped) {
    /// Of one region, in all its life: each was somebody's decision. Ten bytes each.
    private static final int SKIPPED_MAX = 1_000;

    public Manifest {
        files = List.copyOf(files);
        skipped = List.copyOf(skipped);
    }

    /// The version after this one, with the same content.
    public Manifest next(Writer by) {
        return at(version + 1, by);
    }

    Manifest at(long number, Writer by) {
        return new Manifest(
                cluster,
                region,
                number,
                by,
                wal,
                walTopicId,
                schema,
                flushed,
                fenceEpoch,
                files,
                keys,
                skipped);
    }

    /// This version, but what lies at `offset` is passed over from now on, by everybody.
    ///
    /// @throws TerraneException.Rejected if too many are passed over already
    public Manifest withSkipped(WalOffset offset) {
        if (skipped.size() == SKIPPED_MAX && !skipped.contains(offset)) {
            throw TerraneException.rejected(
                    ErrorCode.TOO_LARGE,
                    "the region passes over %d records already: region=%s",
                    SKIPPED_MAX,
                    region);
        }
        var all = Stream.concat(skipped.stream(), Stream.of(offset)).distinct().sorted().toList();
        return new Manifest(
                cluster,
                region,
                version,
                writer,
                wal,
                walTopicId,
                schema,
                flushed,
                fenceEpoch,
                files,
                keys,
                all);
    }

    /// This version with another content: what a flush, a compaction or a schema change makes of
    /// it. Give it a number and a writer by [#next].
    public Manifest withContent(
            TableSchema newSchema,
            WalOffset newFlushed,
            Epoch newFenceEpoch,
            List<DataFile> newFiles,
            KeyWindow.Image newKeys) {
        return new Manifest(
                cluster,
                region,
                version,
                writer,
                wal,
                walTopicId,
                newSchema,
                newFlushed,
                newFenceEpoch,
                newFiles,
                newKeys,
                skipped);
    }

    /// @param nonce random, by which a writer knows its own version again
    public record Writer(Epoch epoch, Incarnation incarnation, long nonce) {}

    /// A sorted Parquet file, without duplicates in itself unless the table keeps them.
    ///
    /// @param name the object's name under the region's folder
    /// @param minTime the smallest value of the time index in it
    /// @param firstOffset the smallest row version in it, by offset
    /// @param schemaVersion the schema that it was written with
    public record DataFile(
            String name,
            long sizeBytes,
            long rowCount,
            long minTime,
            long maxTime,
            WalOffset firstOffset,
            WalOffset lastOffset,
            int schemaVersion) {}
}
