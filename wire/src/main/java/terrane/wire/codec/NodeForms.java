package terrane.wire.codec;

import terrane.core.ClusterId;
import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.core.bytes.Fields;
import terrane.wire.Reply;
import terrane.wire.metasrv.NodeRequest;

import java.util.stream.Stream;

/// The forms of [NodeRequest] and of what answers it: tags 60 to 79.
final class NodeForms {
    private NodeForms() {}

    static Stream<Form<?>> all() {
        return Stream.concat(requests(), replies());
    }

    private static Stream<Form<?>> requests() {
        return Stream.of(
                Form.request(
                        60,
                        NodeRequest.Register.class,
                        NodeRequest.Registered.class,
                        (out, m) -> {
                            Fields.node(out, m.node());
                            Fields.address(out, m.rpc());
                            Fields.address(out, m.http());
                            out.string(m.version());
                        },
                        in ->
                                new NodeRequest.Register(
                                        Fields.node(in),
                                        Fields.address(in),
                                        Fields.address(in),
                                        in.string())),
                Form.request(
                        61,
                        NodeRequest.ProveStorage.class,
                        Reply.Ack.class,
                        (out, m) -> {
                            Fields.node(out, m.node());
                            out.string(m.nonce());
                        },
                        in -> new NodeRequest.ProveStorage(Fields.node(in), in.string())),
                Form.request(
                        65,
                        NodeRequest.Heartbeat.class,
                        NodeRequest.HeartbeatAnswer.class,
                        NodeForms::heartbeat,
                        in -> heartbeat(in)),
                Form.request(
                        63,
                        NodeRequest.GiveUp.class,
                        Reply.Ack.class,
                        (out, m) -> {
                            Fields.node(out, m.node());
                            Fields.region(out, m.region());
                            Fields.epoch(out, m.epoch());
                            out.string(m.reason());
                        },
                        in ->
                                new NodeRequest.GiveUp(
                                        Fields.node(in),
                                        Fields.region(in),
                                        Fields.epoch(in),
                                        in.string())),
                Form.request(
                        64,
                        NodeRequest.Leave.class,
                        Reply.Ack.class,
                        (out, m) -> Fields.node(out, m.node()),
                        in -> new NodeRequest.Leave(Fields.node(in))));
    }

    private static Stream<Form<?>> replies() {
        return Stream.of(
                Form.reply(
                        70,
                        NodeRequest.Registered.class,
                        (out, m) -> {
                            out.uuid(m.cluster().value());
                            Fields.duration(out, m.lease());
                            out.string(m.storageProbe());
                        },
                        in ->
                                new NodeRequest.Registered(
                                        new ClusterId(in.uuid()),
                                        Fields.duration(in),
                                        in.string())),
                Form.reply(
                        71,
                        NodeRequest.HeartbeatAnswer.class,
                        (out, m) ->
                                out.varint(m.number())
                                        .varint(m.setVersion())
                                        .bool(m.matched())
                                        .list(m.refused(), NodeForms::regionEpoch),
                        in ->
                                new NodeRequest.HeartbeatAnswer(
                                        in.varint(),
                                        in.varint(),
                                        in.bool(),
                                        in.list(NodeForms::regionEpoch))));
    }

    private static void heartbeat(ByteWriter out, NodeRequest.Heartbeat m) {
        Fields.node(out, m.node());
        out.varint(m.number()).varint(m.baseVersion()).varint(m.setVersion());
        out.list(m.added(), NodeForms::regionEpoch);
        out.list(m.removed(), NodeForms::regionEpoch);
        out.list(m.finals(), NodeForms::regionEpoch);
        out.list(
                m.flushed(),
                (o, flushed) -> {
                    Fields.region(o, flushed.region());
                    Fields.offset(o, flushed.flushed());
                    o.varint(flushed.manifestBytes()).varint(flushed.rowCount());
                    o.list(flushed.skipped(), Fields::offset);
                });
        out.list(m.unreadable(), NodeForms::unreadable);
        var load = m.load();
        out.varint(load.regionCount()).varint(load.memoryBytes());
    }

    private static NodeRequest.Heartbeat heartbeat(ByteReader in) {
        return new NodeRequest.Heartbeat(
                Fields.node(in),
                in.varint(),
                in.varint(),
                in.varint(),
                in.list(NodeForms::regionEpoch),
                in.list(NodeForms::regionEpoch),
                in.list(NodeForms::regionEpoch),
                in.list(i ->
                        new NodeRequest.Flushed(
                                Fields.region(i),
                                Fields.offset(i),
                                i.varint(),
                                i.varint(),
                                i.list(Fields::offset))),
                in.list(NodeForms::unreadable),
                new NodeRequest.Load(in.varint32(), in.varint()));
    }

    private static void unreadable(ByteWriter out, NodeRequest.Unreadable m) {
        Fields.region(out, m.region());
        Fields.partition(out, m.wal());
        Fields.offset(out, m.offset());
        out.bool(m.rows()).string(m.reason());
    }

    private static NodeRequest.Unreadable unreadable(ByteReader in) {
        return new NodeRequest.Unreadable(
                Fields.region(in), Fields.partition(in), Fields.offset(in), in.bool(), in.string());
    }

    private static void regionEpoch(ByteWriter out, NodeRequest.RegionEpoch m) {
        Fields.region(out, m.region());
        Fields.epoch(out, m.epoch());
    }

    private static NodeRequest.RegionEpoch regionEpoch(ByteReader in) {
        return new NodeRequest.RegionEpoch(Fields.region(in), Fields.epoch(in));
    }
}
