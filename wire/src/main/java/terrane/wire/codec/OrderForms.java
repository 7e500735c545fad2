package terrane.wire.codec;

import terrane.core.Epoch;
import terrane.core.ProcedureId;
import terrane.core.RegionId;
import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.core.bytes.Fields;
import terrane.core.catalog.TableSchema;
import terrane.core.wal.UnflushedSum;
import terrane.wire.Reply;
import terrane.wire.datanode.Order;

import java.util.stream.Stream;

/// The forms of [Order] and of what answers it: tags 10 to 39.
final class OrderForms {
    private OrderForms() {}

    static Stream<Form<?>> all() {
        return Stream.of(following(), hot(), handingOver(), leading(), replies())
                .flatMap(forms -> forms);
    }

    private static Stream<Form<?>> following() {
        return Stream.of(
                Form.request(
                        10,
                        Order.Nudge.class,
                        Reply.Ack.class,
                        (out, m) -> {},
                        in -> new Order.Nudge()),
                Form.request(
                        11,
                        Order.OpenFollower.class,
                        Order.Progress.class,
                        (out, m) -> {
                            Fields.procedure(out, m.procedure());
                            Fields.region(out, m.region());
                            Fields.partition(out, m.wal());
                            m.schema().encode(out);
                        },
                        in ->
                                new Order.OpenFollower(
                                        Fields.procedure(in),
                                        Fields.region(in),
                                        Fields.partition(in),
                                        TableSchema.decode(in))),
                Form.request(
                        12,
                        Order.AwaitApplied.class,
                        Order.Progress.class,
                        (out, m) -> {
                            Fields.procedure(out, m.procedure());
                            Fields.region(out, m.region());
                            Fields.offset(out, m.offset());
                            out.varint(m.manifestVersion());
                            Fields.duration(out, m.atMost());
                        },
                        in ->
                                new Order.AwaitApplied(
                                        Fields.procedure(in),
                                        Fields.region(in),
                                        Fields.offset(in),
                                        in.varint(),
                                        Fields.duration(in))),
                Form.request(
                        20,
                        Order.Close.class,
                        Reply.Ack.class,
                        (out, m) -> step(out, m.procedure(), m.region(), m.epoch()),
                        in -> step(in, Order.Close::new)),
                Form.request(
                        23,
                        Order.Drop.class,
                        Reply.Ack.class,
                        (out, m) -> Fields.region(out, m.region()),
                        in -> new Order.Drop(Fields.region(in))));
    }

    private static Stream<Form<?>> hot() {
        return Stream.of(
                Form.request(
                        24,
                        Order.Follow.class,
                        Order.Followed.class,
                        (out, m) -> out.list(m.regions(), OrderForms::hot),
                        in -> new Order.Follow(in.list(OrderForms::hot))));
    }

    private static Stream<Form<?>> handingOver() {
        return Stream.of(
                Form.request(
                        13,
                        Order.AskPosition.class,
                        Order.Position.class,
                        (out, m) -> step(out, m.procedure(), m.region(), m.epoch()),
                        in -> step(in, Order.AskPosition::new)),
                Form.request(
                        14,
                        Order.Freeze.class,
                        Order.Position.class,
                        (out, m) -> step(out, m.procedure(), m.region(), m.epoch()),
                        in -> step(in, Order.Freeze::new)),
                Form.request(
                        15,
                        Order.Thaw.class,
                        Reply.Ack.class,
                        (out, m) -> step(out, m.procedure(), m.region(), m.epoch()),
                        in -> step(in, Order.Thaw::new)),
                Form.request(
                        16,
                        Order.PrepareToLead.class,
                        Reply.Ack.class,
                        (out, m) -> step(out, m.procedure(), m.region(), m.epoch()),
                        in -> step(in, Order.PrepareToLead::new)),
                Form.request(
                        17,
                        Order.HandOver.class,
                        Order.HandedOver.class,
                        (out, m) -> {
                            step(out, m.procedure(), m.region(), m.epoch());
                            Fields.hint(out, m.successor());
                        },
                        in ->
                                new Order.HandOver(
                                        Fields.procedure(in),
                                        Fields.region(in),
                                        Fields.epoch(in),
                                        Fields.hint(in))));
    }

    private static Stream<Form<?>> leading() {
        return Stream.of(
                Form.request(
                        18,
                        Order.AwaitLead.class,
                        Order.Leading.class,
                        (out, m) -> {
                            step(out, m.procedure(), m.region(), m.epoch());
                            Fields.duration(out, m.atMost());
                        },
                        in ->
                                new Order.AwaitLead(
                                        Fields.procedure(in),
                                        Fields.region(in),
                                        Fields.epoch(in),
                                        Fields.duration(in))),
                Form.request(
                        25,
                        Order.Claim.class,
                        Order.Claimed.class,
                        (out, m) -> {
                            step(out, m.procedure(), m.region(), m.epoch());
                            Fields.partition(out, m.wal());
                            m.schema().encode(out);
                            out.optional(m.skip(), Fields::offset);
                        },
                        in ->
                                new Order.Claim(
                                        Fields.procedure(in),
                                        Fields.region(in),
                                        Fields.epoch(in),
                                        Fields.partition(in),
                                        TableSchema.decode(in),
                                        in.optional(Fields::offset))),
                Form.request(
                        21,
                        Order.Alter.class,
                        Reply.Ack.class,
                        (out, m) -> {
                            Fields.region(out, m.region());
                            Fields.epoch(out, m.epoch());
                            m.schema().encode(out);
                        },
                        in ->
                                new Order.Alter(
                                        Fields.region(in),
                                        Fields.epoch(in),
                                        TableSchema.decode(in))),
                Form.request(
                        22,
                        Order.Flush.class,
                        Order.Position.class,
                        (out, m) -> {
                            Fields.region(out, m.region());
                            Fields.epoch(out, m.epoch());
                        },
                        in -> new Order.Flush(Fields.region(in), Fields.epoch(in))));
    }

    private static Stream<Form<?>> replies() {
        return Stream.of(
                Form.reply(30, Order.Progress.class, OrderForms::progress, in -> progress(in)),
                Form.reply(
                        35,
                        Order.Followed.class,
                        (out, m) ->
                                out.list(
                                        m.regions(),
                                        (o, hot) -> {
                                            Fields.region(o, hot.region());
                                            progress(o, hot.progress());
                                        }),
                        in ->
                                new Order.Followed(
                                        in.list(each ->
                                                new Order.HotProgress(
                                                        Fields.region(each), progress(each))))),
                Form.reply(
                        31,
                        Order.Position.class,
                        (out, m) -> {
                            Fields.offset(out, m.applied());
                            Fields.offset(out, m.flushed());
                            out.varint(m.manifestVersion());
                            Fields.duration(out, m.appendLatency());
                        },
                        in ->
                                new Order.Position(
                                        Fields.offset(in),
                                        Fields.offset(in),
                                        in.varint(),
                                        Fields.duration(in))),
                Form.reply(
                        32, Order.HandedOver.class, OrderForms::handedOver, in -> handedOver(in)),
                Form.reply(37, Order.Leading.class, OrderForms::led, in -> led(in)),
                Form.reply(
                        34,
                        Order.Replaying.class,
                        (out, m) -> {
                            Fields.epoch(out, m.epoch());
                            Fields.offset(out, m.applied());
                            Fields.offset(out, m.end());
                        },
                        in ->
                                new Order.Replaying(
                                        Fields.epoch(in), Fields.offset(in), Fields.offset(in))),
                Form.reply(36, Order.Poisoned.class, OrderForms::poisoned, in -> poisoned(in)));
    }

    private static void hot(ByteWriter out, Order.Hot hot) {
        Fields.region(out, hot.region());
        Fields.partition(out, hot.wal());
        Fields.offset(out, hot.flushed());
    }

    private static Order.Hot hot(ByteReader in) {
        return new Order.Hot(Fields.region(in), Fields.partition(in), Fields.offset(in));
    }

    private static void progress(ByteWriter out, Order.Progress m) {
        Fields.offset(out, m.applied());
        Fields.offset(out, m.end());
        out.varint(m.manifestVersion()).varint(m.recordsPerSecond());
    }

    private static Order.Progress progress(ByteReader in) {
        return new Order.Progress(Fields.offset(in), Fields.offset(in), in.varint(), in.varint());
    }

    private static void poisoned(ByteWriter out, Order.Poisoned m) {
        Fields.epoch(out, m.epoch());
        Fields.offset(out, m.offset());
        out.bool(m.rows()).string(m.reason());
    }

    private static Order.Poisoned poisoned(ByteReader in) {
        return new Order.Poisoned(Fields.epoch(in), Fields.offset(in), in.bool(), in.string());
    }

    private static void handedOver(ByteWriter out, Order.HandedOver m) {
        Fields.epoch(out, m.epoch());
        Fields.offset(out, m.fence());
        out.varint(m.manifestVersion()).string(m.manifestDigest());
        m.unflushed().encode(out);
        Fields.duration(out, m.stopToFence());
    }

    private static Order.HandedOver handedOver(ByteReader in) {
        return new Order.HandedOver(
                Fields.epoch(in),
                Fields.offset(in),
                in.varint(),
                in.string(),
                UnflushedSum.decode(in),
                Fields.duration(in));
    }

    private static void led(ByteWriter out, Order.Leading m) {
        Fields.node(out, m.leader());
        Fields.epoch(out, m.epoch());
        Fields.offset(out, m.fence());
        out.varint(m.manifestVersion()).string(m.manifestDigest());
        m.unflushed().encode(out);
        out.optional(m.agreed(), ByteWriter::bool).varint(m.skipped());
    }

    private static Order.Leading led(ByteReader in) {
        return new Order.Leading(
                Fields.node(in),
                Fields.epoch(in),
                Fields.offset(in),
                in.varint(),
                in.string(),
                UnflushedSum.decode(in),
                in.optional(ByteReader::bool),
                in.varint());
    }

    /// A step of a procedure under the epoch that it is about.
    private interface Step<M> {
        M of(ProcedureId procedure, RegionId region, Epoch epoch);
    }

    private static void step(ByteWriter out, ProcedureId procedure, RegionId region, Epoch epoch) {
        Fields.procedure(out, procedure);
        Fields.region(out, region);
        Fields.epoch(out, epoch);
    }

    private static <M> M step(ByteReader in, Step<M> step) {
        return step.of(Fields.procedure(in), Fields.region(in), Fields.epoch(in));
    }
}
