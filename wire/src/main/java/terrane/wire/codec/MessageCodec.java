package terrane.wire.codec;

import terrane.core.Invariant;
import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.wire.Reply;
import terrane.wire.Request;
import terrane.wire.datanode.DataRequest;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// Writes and reads every [Request] and [Reply].
public final class MessageCodec {
    /// Room for everything but rows: what surrounds them is below this.
    private static final int SURROUNDINGS_BYTES = 128;

    private static final List<Form<?>> FORMS =
            Stream.of(
                            Stream.of(
                                    Form.reply(
                                            1,
                                            Reply.Ack.class,
                                            (out, ack) -> {},
                                            in -> new Reply.Ack())),
                            OrderForms.all(),
                            DataForms.all(),
                            NodeForms.all(),
                            ClientForms.all())
                    .<Form<?>>flatMap(forms -> forms)
                    .toList();
    private static final Form<?>[] BY_TAG = new Form<?>[256];
    private static final Map<Class<?>, Form<?>> BY_TYPE = new HashMap<>();

    static {
        for (var form : FORMS) {
            Invariant.check(BY_TAG[form.tag()] == null, "tag %d used twice", form.tag());
            BY_TAG[form.tag()] = form;
            BY_TYPE.put(form.type(), form);
        }
    }

    private MessageCodec() {}

    /// All forms, for tests that leave none out.
    static List<Form<?>> forms() {
        return FORMS;
    }

    /// A writer large enough for `message` and a few bytes in front, so that rows are copied once.
    public static ByteWriter begin(Object message) {
        int rowBytes =
                switch (message) {
                    case DataRequest.Write write -> write.batch().length;
                    case DataRequest.ScanChunk chunk -> chunk.arrow().length;
                    default -> 0;
                };
        return new ByteWriter(rowBytes + SURROUNDINGS_BYTES);
    }

    /// @param message a [Request] or a [Reply]
    public static void encode(ByteWriter out, Object message) {
        var form = formOf(message);
        out.u8(form.tag());
        form.encode(out, message);
    }

    /// Reads one message, up to the end of the bytes.
    ///
    /// @return a [Request] or a [Reply]
    /// @throws terrane.core.TerraneException.Corrupt if it is malformed, or of a type that only a
    ///   newer version has
    public static Object decode(ByteReader in) {
        int tag = in.u8();
        var form = BY_TAG[tag];
        if (form == null) {
            throw in.corrupt("unknown message " + tag);
        }
        var message = form.read().apply(in);
        in.end(form.type().getSimpleName());
        return message;
    }

    /// What answers `request`.
    public static Class<? extends Reply> replyTo(Request<?> request) {
        return formOf(request).reply().orElseThrow();
    }

    private static Form<?> formOf(Object message) {
        var form = BY_TYPE.get(message.getClass());
        Invariant.check(form != null, "no form for %s", message.getClass().getName());
        return Objects.requireNonNull(form);
    }
}
