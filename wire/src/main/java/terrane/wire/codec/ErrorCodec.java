package terrane.wire.codec;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.core.bytes.Fields;

import java.time.Duration;

/// Carries a [TerraneException] to the other end, where it comes out as the same type. The cause
/// stays behind: its text, where it matters, is in the message.
public final class ErrorCodec {
    private static final int REJECTED = 1;
    private static final int NOT_LEADER = 2;
    private static final int UNAVAILABLE = 3;
    private static final int UNCERTAIN = 4;
    private static final int CORRUPT = 5;

    private ErrorCodec() {}

    public static void encode(ByteWriter out, TerraneException error) {
        switch (error) {
            case TerraneException.Rejected _ -> head(out, REJECTED, error);
            case TerraneException.NotLeader e -> {
                head(out, NOT_LEADER, error);
                out.optional(e.hint(), Fields::hint).optional(e.metasrv(), Fields::address);
            }
            case TerraneException.Unavailable e -> {
                head(out, UNAVAILABLE, error);
                Fields.duration(out, e.retryAfter());
            }
            case TerraneException.Uncertain _ -> head(out, UNCERTAIN, error);
            case TerraneException.Corrupt _ -> head(out, CORRUPT, error);
        }
    }

    private static void head(ByteWriter out, int kind, TerraneException error) {
        out.u8(kind).varint(error.code().tag()).string(error.text());
    }

    /// @throws TerraneException.Corrupt if it is malformed
    public static TerraneException decode(ByteReader in) {
        int kind = in.u8();
        var code = ErrorCode.ofTag(in.varint32());
        String text = in.string();
        return switch (kind) {
            case REJECTED -> new TerraneException.Rejected(code, text, null);
            case NOT_LEADER -> {
                var hint = in.optional(Fields::hint).orElse(null);
                var metasrv = in.optional(Fields::address).orElse(null);
                yield new TerraneException.NotLeader(code, text, hint, metasrv);
            }
            case UNAVAILABLE -> {
                Duration retryAfter = Fields.duration(in);
                yield new TerraneException.Unavailable(code, text, retryAfter, null);
            }
            case UNCERTAIN -> new TerraneException.Uncertain(code, text, null);
            case CORRUPT -> new TerraneException.Corrupt(code, text, null);
            default -> throw in.corrupt("unknown kind of error " + kind);
        };
    }
}
