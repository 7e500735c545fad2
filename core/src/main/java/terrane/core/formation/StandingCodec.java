package terrane.core.formation;

import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;

import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.CRC32C;

/// A member's standing as its folder keeps it: form, kind, content, and a checksum over all that.
public final class StandingCodec {
    private static final int FORM = 1;
    private static final int BLANK = 1;
    private static final int FORMED = 2;
    private static final int CHECKSUM_BYTES = 4;
    private static final String NAME = "standing of a metasrv";

    private StandingCodec() {}

    public static byte[] encode(Standing standing) {
        var out = new ByteWriter().u8(FORM);
        switch (standing) {
            case Standing.Blank(var folder) -> out.u8(BLANK).uuid(folder);
            case Standing.Formed(var folders) ->
                    out.u8(FORMED)
                            .list(
                                    folders.entrySet(),
                                    (each, entry) ->
                                            each.string(entry.getKey()).uuid(entry.getValue()));
        }
        byte[] content = out.toBytes();
        return out.i32(checksum(content, content.length)).toBytes();
    }

    /// @throws terrane.core.TerraneException.Corrupt if it is not what was written
    public static Standing decode(byte[] bytes) {
        int length = Math.max(0, bytes.length - CHECKSUM_BYTES);
        var in = new ByteReader(bytes, 0, length);
        int stored = new ByteReader(bytes, length, bytes.length - length).i32();
        if (stored != checksum(bytes, length)) {
            throw in.corrupt("checksum of the " + NAME);
        }
        in.version(FORM, NAME);
        int kind = in.u8();
        var standing =
                switch (kind) {
                    case BLANK -> new Standing.Blank(in.uuid());
                    case FORMED -> formed(in);
                    default -> throw in.corrupt("%s of kind %d".formatted(NAME, kind));
                };
        in.end(NAME);
        return standing;
    }

    private record Entry(String member, UUID folder) {}

    private static Standing.Formed formed(ByteReader in) {
        var folders = new TreeMap<String, UUID>();
        for (var entry : in.list(each -> new Entry(each.string(), each.uuid()))) {
            folders.put(entry.member(), entry.folder());
        }
        return new Standing.Formed(folders);
    }

    private static int checksum(byte[] bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
