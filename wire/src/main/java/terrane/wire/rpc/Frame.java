package terrane.wire.rpc;

import terrane.core.TerraneException;
import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.wire.Reply;
import terrane.wire.Request;
import terrane.wire.codec.ErrorCodec;
import terrane.wire.codec.MessageCodec;

/// One message of a channel: kind, the request's number at the one who asked, the rest.
sealed interface Frame {
    int ASK = 1;
    int ANSWER = 2;
    int FAILURE = 3;
    int OPEN = 4;
    int PART = 5;
    int END = 6;
    int CREDIT = 7;
    int CANCEL = 8;

    long id();

    /// A request that wants one answer; `message` is not yet decoded.
    record Ask(long id, ByteReader message) implements Frame {}

    /// A request that wants a stream, of which `parts` may be sent before more credit comes.
    record Open(long id, int parts, ByteReader message) implements Frame {}

    record Answer(long id, ByteReader message) implements Frame {}

    /// Ends a request of either kind.
    record Failure(long id, TerraneException error) implements Frame {}

    record Part(long id, ByteReader message) implements Frame {}

    record End(long id) implements Frame {}

    /// `parts` more may be sent.
    record Credit(long id, int parts) implements Frame {}

    /// The one who asked wants no more.
    record Cancel(long id) implements Frame {}

    static byte[] ask(long id, Request<?> request) {
        return encode(MessageCodec.begin(request).u8(ASK).varint(id), request);
    }

    static byte[] open(long id, int parts, Request<?> request) {
        return encode(MessageCodec.begin(request).u8(OPEN).varint(id).varint(parts), request);
    }

    static byte[] answer(long id, Reply reply) {
        return encode(MessageCodec.begin(reply).u8(ANSWER).varint(id), reply);
    }

    static byte[] part(long id, Reply reply) {
        return encode(MessageCodec.begin(reply).u8(PART).varint(id), reply);
    }

    private static byte[] encode(ByteWriter out, Object message) {
        MessageCodec.encode(out, message);
        return out.toBytes();
    }

    static byte[] failure(long id, TerraneException error) {
        var out = new ByteWriter(256).u8(FAILURE).varint(id);
        ErrorCodec.encode(out, error);
        return out.toBytes();
    }

    static byte[] end(long id) {
        return new ByteWriter(16).u8(END).varint(id).toBytes();
    }

    static byte[] credit(long id, int parts) {
        return new ByteWriter(16).u8(CREDIT).varint(id).varint(parts).toBytes();
    }

    static byte[] cancel(long id) {
        return new ByteWriter(16).u8(CANCEL).varint(id).toBytes();
    }

    /// @throws TerraneException.Corrupt if it is not a frame; a message inside is not looked at
    static Frame decode(byte[] bytes) {
        var in = new ByteReader(bytes);
        int kind = in.u8();
        long id = in.varint();
        return switch (kind) {
            case ASK -> new Ask(id, in);
            case OPEN -> new Open(id, in.varint32(), in);
            case ANSWER -> new Answer(id, in);
            case PART -> new Part(id, in);
            case FAILURE -> whole(new Failure(id, ErrorCodec.decode(in)), in);
            case END -> whole(new End(id), in);
            case CREDIT -> whole(new Credit(id, in.varint32()), in);
            case CANCEL -> whole(new Cancel(id), in);
            default -> throw in.corrupt("unknown frame " + kind);
        };
    }

    private static Frame whole(Frame frame, ByteReader in) {
        in.end("frame");
        return frame;
    }
}
