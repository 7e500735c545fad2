package terrane.engine.manifest;

import terrane.core.ClusterId;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.core.bytes.Fields;
import terrane.core.catalog.TableSchema;
import terrane.core.wal.KeyWindow;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/// The stored form of a [Manifest], as `docs/formats/manifest.md` describes it: a form number, the
/// fields, and a CRC-32C over both.
public final class ManifestCodec {
    private static final int FORM = 2;
    private static final int CHECKSUM_BYTES = 4;
    private static final int DIGEST_BYTES = 16;

    private ManifestCodec() {}

    public static byte[] encode(Manifest manifest) {
        var out = new ByteWriter(1024);
        out.u8(FORM);
        out.uuid(manifest.cluster().value());
        Fields.region(out, manifest.region());
        out.varint(manifest.version());
        writer(out, manifest.writer());
        Fields.partition(out, manifest.wal());
        out.string(manifest.walTopicId());
        manifest.schema().encode(out);
        Fields.offset(out, manifest.flushed());
        Fields.epoch(out, manifest.fenceEpoch());
        out.list(manifest.files(), ManifestCodec::file);
        manifest.keys().encode(out);
        out.list(manifest.skipped(), Fields::offset);
        out.i32(checksum(out.toBytes(), out.size()));
        return out.toBytes();
    }

    /// @throws TerraneException.Corrupt with code CORRUPT_MANIFEST if the bytes were damaged, or
    ///   were written by a newer program
    public static Manifest decode(byte[] bytes) {
        try {
            return checked(bytes);
        } catch (TerraneException.Corrupt e) {
            throw new TerraneException.Corrupt(
                    ErrorCode.CORRUPT_MANIFEST, "manifest cannot be read: " + e.text(), e);
        }
    }

    /// The first 128 bits of the SHA-256 of the stored form, in hexadecimal: two nodes that name
    /// the same digest hold the same manifest.
    public static String digest(Manifest manifest) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(encode(manifest));
            return HexFormat.of().formatHex(hash, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Manifest checked(byte[] bytes) {
        int length = bytes.length - CHECKSUM_BYTES;
        if (length < 1) {
            throw new ByteReader(bytes).corrupt("shorter than its checksum");
        }
        // The form comes first: a newer one may be protected in another way.
        new ByteReader(bytes).version(FORM, "manifest");
        int expected = new ByteReader(bytes, length, CHECKSUM_BYTES).i32();
        if (checksum(bytes, length) != expected) {
            throw new ByteReader(bytes).corrupt("checksum does not match");
        }
        var in = new ByteReader(bytes, 0, length);
        int form = in.version(FORM, "manifest");
        var manifest = fields(in, form);
        in.end("manifest");
        return manifest;
    }

    private static Manifest fields(ByteReader in, int form) {
        return new Manifest(
                new ClusterId(in.uuid()),
                Fields.region(in),
                in.varint(),
                new Manifest.Writer(Fields.epoch(in), Fields.incarnation(in), in.i64()),
                Fields.partition(in),
                in.string(),
                TableSchema.decode(in),
                Fields.offset(in),
                Fields.epoch(in),
                in.list(ManifestCodec::file),
                KeyWindow.Image.decode(in),
                form < 2 ? List.of() : in.list(Fields::offset));
    }

    private static void writer(ByteWriter out, Manifest.Writer writer) {
        Fields.epoch(out, writer.epoch());
        Fields.incarnation(out, writer.incarnation());
        out.i64(writer.nonce());
    }

    private static void file(ByteWriter out, Manifest.DataFile file) {
        out.string(file.name()).varint(file.sizeBytes()).varint(file.rowCount());
        out.signed(file.minTime()).signed(file.maxTime());
        Fields.offset(out, file.firstOffset());
        Fields.offset(out, file.lastOffset());
        out.varint(file.schemaVersion());
    }

    private static Manifest.DataFile file(ByteReader in) {
        return new Manifest.DataFile(
                in.string(),
                in.varint(),
                in.varint(),
                in.signed(),
                in.signed(),
                Fields.offset(in),
                Fields.offset(in),
                in.varint32());
    }

    private static int checksum(byte[] bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
