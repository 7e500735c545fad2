package terrane.wire.codec;

import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.wire.Reply;
import terrane.wire.Request;

import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// How one type of message is written and read.
///
/// @param tag in front of its fields; never changed, never reused
/// @param reply what answers it, if it is a request
record Form<M>(
        int tag,
        Class<M> type,
        Optional<Class<? extends Reply>> reply,
        BiConsumer<ByteWriter, M> write,
        Function<ByteReader, M> read) {

    static <R extends Reply, M extends Request<R>> Form<M> request(
            int tag,
            Class<M> type,
            Class<R> reply,
            BiConsumer<ByteWriter, M> write,
            Function<ByteReader, M> read) {
        return new Form<>(tag, type, Optional.of(reply), write, read);
    }

    static <M extends Reply> Form<M> reply(
            int tag, Class<M> type, BiConsumer<ByteWriter, M> write, Function<ByteReader, M> read) {
        return new Form<>(tag, type, Optional.empty(), write, read);
    }

    void encode(ByteWriter out, Object message) {
        write.accept(out, type.cast(message));
    }
}
