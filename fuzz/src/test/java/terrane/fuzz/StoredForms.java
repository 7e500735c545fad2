package terrane.fuzz;

import terrane.core.bytes.ByteWriter;
import terrane.core.catalog.ChangeCodec;
import terrane.core.catalog.EntryCodec;
import terrane.core.rows.RowBatchCodec;
import terrane.core.wal.WalRecord;
import terrane.core.wal.WalRecordCodec;
import terrane.engine.manifest.ManifestCodec;

import java.util.zip.CRC32C;

/// What is stored: records of the log and the rows in them, manifests, entries of the metasrvs'
/// log.
final class StoredForms {
    private static final int CHECKSUM_BYTES = 4;

    private StoredForms() {}

    static void wal(byte[] input) {
        var stored = WalRecordCodec.decode(input);
        byte[] bytes = WalRecordCodec.encode(stored.cluster(), stored.record());
        var again = WalRecordCodec.decode(bytes);
        Same.bytes(bytes, WalRecordCodec.encode(again.cluster(), again.record()));
        if (!WalRecordCodec.regionOf(input).equals(stored.record().header().region())
                || !WalRecordCodec.clusterOf(input).equals(stored.cluster())) {
            throw new AssertionError("whose record it is depends on how it is read");
        }
        if (stored.record() instanceof WalRecord.Rows rows) {
            rows(rows.batch());
        }
    }

    static void rows(byte[] input) {
        byte[] bytes = RowBatchCodec.encode(RowBatchCodec.decode(input));
        Same.bytes(bytes, RowBatchCodec.encode(RowBatchCodec.decode(bytes)));
    }

    /// The input is read as it is, and once more with the checksum that it would need: no search
    /// finds one by chance, and what a checksum protects must be read safely all the same.
    static void manifest(byte[] input) {
        int length = Math.max(0, input.length - CHECKSUM_BYTES);
        var crc = new CRC32C();
        crc.update(input, 0, length);
        byte[] sealed =
                new ByteWriter(input.length)
                        .raw(input, 0, length)
                        .i32((int) crc.getValue())
                        .toBytes();
        byte[] bytes = ManifestCodec.encode(ManifestCodec.decode(sealed));
        Same.bytes(bytes, ManifestCodec.encode(ManifestCodec.decode(bytes)));
        ManifestCodec.decode(input);
    }

    static void change(byte[] input) {
        byte[] bytes = entry(input);
        Same.bytes(bytes, entry(bytes));
    }

    private static byte[] entry(byte[] bytes) {
        return EntryCodec.encode(
                EntryCodec.decode(bytes).stream().map(ChangeCodec::encode).toList());
    }
}
