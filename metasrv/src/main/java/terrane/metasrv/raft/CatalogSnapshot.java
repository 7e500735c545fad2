package terrane.metasrv.raft;

import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.core.catalog.Catalog;

import java.util.zip.CRC32C;

/// The bytes of a snapshot file: a catalog and a checksum over it.
final class CatalogSnapshot {
    private static final int CHECKSUM_BYTES = 4;

    private CatalogSnapshot() {}

    static byte[] encode(Catalog catalog) {
        var out = new ByteWriter(1 << 16);
        catalog.encode(out);
        byte[] content = out.toBytes();
        return out.i32(checksum(content, content.length)).toBytes();
    }

    /// @throws terrane.core.TerraneException.Corrupt if it is not what was written
    static Catalog decode(byte[] bytes) {
        int length = Math.max(0, bytes.length - CHECKSUM_BYTES);
        var in = new ByteReader(bytes, 0, length);
        int stored = new ByteReader(bytes, length, bytes.length - length).i32();
        if (stored != checksum(bytes, length)) {
            throw in.corrupt("checksum of catalog snapshot");
        }
        var catalog = Catalog.decode(in);
        in.end("catalog snapshot");
        return catalog;
    }

    private static int checksum(byte[] bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
