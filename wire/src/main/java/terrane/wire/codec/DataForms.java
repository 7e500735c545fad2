package terrane.wire.codec;

import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.core.bytes.Fields;
import terrane.core.wal.WriteKey;
import terrane.wire.datanode.DataRequest;

import java.util.stream.Stream;

/// The forms of [DataRequest] and of what answers it: tags 40 to 59.
final class DataForms {
    private DataForms() {}

    static Stream<Form<?>> all() {
        return Stream.concat(requests(), replies());
    }

    private static Stream<Form<?>> requests() {
        return Stream.of(
                Form.request(
                        40,
                        DataRequest.Write.class,
                        DataRequest.Written.class,
                        DataForms::write,
                        in -> write(in)),
                Form.request(
                        41,
                        DataRequest.Scan.class,
                        DataRequest.ScanChunk.class,
                        (out, m) -> {
                            Fields.region(out, m.region());
                            Fields.epoch(out, m.epoch());
                            Fields.incarnation(out, m.leader());
                            ScanFields.spec(out, m.spec());
                        },
                        in ->
                                new DataRequest.Scan(
                                        Fields.region(in),
                                        Fields.epoch(in),
                                        Fields.incarnation(in),
                                        ScanFields.spec(in))),
                Form.request(
                        42,
                        DataRequest.Describe.class,
                        DataRequest.Described.class,
                        (out, m) -> Fields.region(out, m.region()),
                        in -> new DataRequest.Describe(Fields.region(in))));
    }

    private static Stream<Form<?>> replies() {
        return Stream.of(
                Form.reply(
                        50,
                        DataRequest.Written.class,
                        (out, m) -> {
                            Fields.offset(out, m.offset());
                            Fields.offset(out, m.end());
                            out.optional(m.successor(), Fields::hint);
                        },
                        in ->
                                new DataRequest.Written(
                                        Fields.offset(in),
                                        Fields.offset(in),
                                        in.optional(Fields::hint))),
                Form.reply(
                        51,
                        DataRequest.ScanChunk.class,
                        (out, m) -> out.varint(m.rowCount()).bytes(m.arrow()),
                        in -> new DataRequest.ScanChunk(in.varint(), in.bytes())),
                Form.reply(
                        52,
                        DataRequest.Described.class,
                        (out, m) -> {
                            Fields.epoch(out, m.epoch());
                            out.bool(m.leads());
                            Fields.offset(out, m.applied());
                            out.optional(m.hint(), Fields::hint);
                        },
                        in ->
                                new DataRequest.Described(
                                        Fields.epoch(in),
                                        in.bool(),
                                        Fields.offset(in),
                                        in.optional(Fields::hint))));
    }

    private static void write(ByteWriter out, DataRequest.Write m) {
        Fields.region(out, m.region());
        Fields.epoch(out, m.epoch());
        Fields.incarnation(out, m.leader());
        out.optional(m.key(), DataForms::key).optional(m.since(), Fields::offset);
        out.varint(m.schemaVersion()).bytes(m.batch());
    }

    private static DataRequest.Write write(ByteReader in) {
        return new DataRequest.Write(
                Fields.region(in),
                Fields.epoch(in),
                Fields.incarnation(in),
                in.optional(DataForms::key),
                in.optional(Fields::offset),
                in.varint32(),
                in.bytes());
    }

    private static void key(ByteWriter out, WriteKey key) {
        Fields.incarnation(out, key.writer());
        out.i64(key.sequence()).varint(key.part());
    }

    private static WriteKey key(ByteReader in) {
        return new WriteKey(Fields.incarnation(in), in.i64(), in.varint32());
    }
}
