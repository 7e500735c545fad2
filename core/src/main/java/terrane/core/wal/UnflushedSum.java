package terrane.core.wal;

import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;

import java.util.zip.CRC32C;

/// An incrementally kept sum over the rows records that a region has applied and not flushed. Two
/// copies of a region that applied the same records have equal sums; addition makes the order
/// irrelevant, so that flushed records can be taken away again.
///
/// Nothing in it depends on an offset, so that a leader can put the sum over what it has sent into
/// the fence before it knows where any of it has landed.
///
/// @param records how many rows records
/// @param rows how many rows in them
/// @param digest the sum, modulo 2^64, of a 64-bit mix of each record's epoch, number and bytes
public record UnflushedSum(long records, long rows, long digest) {
    public static final UnflushedSum NOTHING = new UnflushedSum(0, 0, 0);

    /// The sum over one record.
    public static UnflushedSum of(WalRecord.Rows record, int rowCount) {
        return new UnflushedSum(1, rowCount, mix(record.header(), record.batch()));
    }

    public UnflushedSum plus(UnflushedSum other) {
        return new UnflushedSum(records + other.records, rows + other.rows, digest + other.digest);
    }

    public UnflushedSum minus(UnflushedSum other) {
        return new UnflushedSum(records - other.records, rows - other.rows, digest - other.digest);
    }

    private static long mix(WalRecord.Header header, byte[] batch) {
        var crc = new CRC32C();
        crc.update(batch, 0, batch.length);
        // The finalizer of SplitMix64 (Steele, Lea, Flood 2014).
        long z = header.epoch().value() * 0x9E3779B97F4A7C15L + header.number();
        z = (z ^ (crc.getValue() << 20) ^ batch.length) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    public void encode(ByteWriter out) {
        out.varint(records).varint(rows).i64(digest);
    }

    public static UnflushedSum decode(ByteReader in) {
        return new UnflushedSum(in.varint(), in.varint(), in.i64());
    }
}
