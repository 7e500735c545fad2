package terrane.wire.rpc;

import terrane.core.TerraneException;
import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.fuzz.Same;
import terrane.wire.codec.ErrorCodec;
import terrane.wire.codec.MessageCodec;

/// What comes over a channel: a frame, and the message in it.
public final class FrameTarget {
    private FrameTarget() {}

    public static void read(byte[] input) {
        switch (Frame.decode(input)) {
            case Frame.Ask ask -> message(ask.message());
            case Frame.Open open -> message(open.message());
            case Frame.Answer answer -> message(answer.message());
            case Frame.Part part -> message(part.message());
            case Frame.Failure failure -> error(failure.error());
            case Frame.End end -> same(end, Frame.end(end.id()));
            case Frame.Credit credit -> same(credit, Frame.credit(credit.id(), credit.parts()));
            case Frame.Cancel cancel -> same(cancel, Frame.cancel(cancel.id()));
        }
    }

    private static void same(Frame frame, byte[] written) {
        if (!Frame.decode(written).equals(frame)) {
            throw new AssertionError("became another frame: " + frame);
        }
    }

    private static void message(ByteReader in) {
        byte[] bytes = written(MessageCodec.decode(in));
        Same.bytes(bytes, written(MessageCodec.decode(new ByteReader(bytes))));
    }

    private static byte[] written(Object message) {
        var out = MessageCodec.begin(message);
        MessageCodec.encode(out, message);
        return out.toBytes();
    }

    private static void error(TerraneException error) {
        byte[] bytes = written(error);
        Same.bytes(bytes, written(ErrorCodec.decode(new ByteReader(bytes))));
    }

    private static byte[] written(TerraneException error) {
        var out = new ByteWriter(256);
        ErrorCodec.encode(out, error);
        return out.toBytes();
    }
}
