package terrane.core.catalog;

import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;

import java.util.List;

/// The bytes of one entry of the metasrv's log: a change as [ChangeCodec] writes it, or several
/// that were committed together, in their order. Entries with one change are as they always were.
public final class EntryCodec {
    /// What an entry with several changes begins with; [ChangeCodec] does not use it as a form.
    static final int SEVERAL = 2;

    /// What each of several changes takes beside its own bytes, at most.
    public static final int OVERHEAD_BYTES = 8;

    private EntryCodec() {}

    /// @param changes encoded by [ChangeCodec]; at least one
    public static byte[] encode(List<byte[]> changes) {
        return changes.size() == 1
                ? changes.getFirst()
                : new ByteWriter().u8(SEVERAL).list(changes, ByteWriter::bytes).toBytes();
    }

    /// @throws terrane.core.TerraneException.Corrupt if the bytes are not one entry
    public static List<Change> decode(byte[] bytes) {
        if (bytes.length == 0 || bytes[0] != SEVERAL) {
            return List.of(ChangeCodec.decode(bytes));
        }
        var in = new ByteReader(bytes);
        in.u8();
        var changes = in.list(ByteReader::bytes);
        in.end("entry");
        return changes.stream().map(ChangeCodec::decode).toList();
    }
}
