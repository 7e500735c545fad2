package terrane.wire.codec;

import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.core.bytes.Fields;
import terrane.core.catalog.Column;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.TableCodec;
import terrane.core.catalog.TableSchema;
import terrane.core.migration.Plan;
import terrane.wire.Reply;
import terrane.wire.metasrv.ClientRequest;

import java.util.stream.Stream;

/// The forms of [ClientRequest] and of what answers it: tags 80 to 119.
final class ClientForms {
    private ClientForms() {}

    static Stream<Form<?>> all() {
        return Stream.of(tables(), procedures(), nodes(), replies()).flatMap(forms -> forms);
    }

    private static Stream<Form<?>> tables() {
        return Stream.of(
                Form.request(
                        81,
                        ClientRequest.CreateTable.class,
                        ClientRequest.TableDescription.class,
                        (out, m) -> {
                            TableCodec.name(out, m.name());
                            m.schema().encode(out);
                            TableCodec.rule(out, m.partitions());
                            TableCodec.options(out, m.options());
                            out.bool(m.ifNotExists());
                        },
                        in ->
                                new ClientRequest.CreateTable(
                                        TableCodec.name(in),
                                        TableSchema.decode(in),
                                        TableCodec.rule(in),
                                        TableCodec.options(in),
                                        in.bool())),
                Form.request(
                        82,
                        ClientRequest.DropTable.class,
                        Reply.Ack.class,
                        (out, m) -> {
                            TableCodec.name(out, m.name());
                            out.bool(m.ifExists());
                        },
                        in -> new ClientRequest.DropTable(TableCodec.name(in), in.bool())),
                Form.request(
                        83,
                        ClientRequest.AddColumns.class,
                        ClientRequest.TableDescription.class,
                        (out, m) -> {
                            TableCodec.name(out, m.name());
                            out.list(m.columns(), ClientForms::newColumn).bool(m.ifNotExists());
                        },
                        in ->
                                new ClientRequest.AddColumns(
                                        TableCodec.name(in),
                                        in.list(ClientForms::newColumn),
                                        in.bool())),
                Form.request(
                        84,
                        ClientRequest.WatchCatalog.class,
                        ClientRequest.CatalogChanges.class,
                        (out, m) -> Fields.duration(out.varint(m.version()), m.atMost()),
                        in -> new ClientRequest.WatchCatalog(in.varint(), Fields.duration(in))),
                Form.request(
                        85,
                        ClientRequest.FlushTable.class,
                        Reply.Ack.class,
                        (out, m) -> TableCodec.name(out, m.name()),
                        in -> new ClientRequest.FlushTable(TableCodec.name(in))));
    }

    private static Stream<Form<?>> procedures() {
        return Stream.of(
                Form.request(
                        86,
                        ClientRequest.MigrateRegion.class,
                        ClientRequest.Submitted.class,
                        (out, m) -> {
                            Fields.region(out, m.region());
                            Fields.peer(out, m.source());
                            Fields.peer(out, m.target());
                            limits(out, m.limits());
                            out.optional(m.requestId(), ByteWriter::string);
                        },
                        in ->
                                new ClientRequest.MigrateRegion(
                                        Fields.region(in),
                                        Fields.peer(in),
                                        Fields.peer(in),
                                        limits(in),
                                        in.optional(ByteReader::string))),
                Form.request(
                        87,
                        ClientRequest.CancelProcedure.class,
                        Reply.Ack.class,
                        (out, m) -> Fields.procedure(out, m.procedure()),
                        in -> new ClientRequest.CancelProcedure(Fields.procedure(in))),
                Form.request(
                        88,
                        ClientRequest.ListProcedures.class,
                        ClientRequest.Procedures.class,
                        (out, m) -> out.optional(m.procedure(), Fields::procedure),
                        in -> new ClientRequest.ListProcedures(in.optional(Fields::procedure))),
                Form.request(
                        90,
                        ClientRequest.ReportWriteGap.class,
                        Reply.Ack.class,
                        (out, m) -> {
                            Fields.region(out, m.region());
                            Fields.epoch(out, m.epoch());
                            Fields.duration(out, m.gap());
                            out.varint(m.writes());
                        },
                        in ->
                                new ClientRequest.ReportWriteGap(
                                        Fields.region(in),
                                        Fields.epoch(in),
                                        Fields.duration(in),
                                        in.varint())));
    }

    private static Stream<Form<?>> nodes() {
        return Stream.of(
                Form.request(
                        80,
                        ClientRequest.Hello.class,
                        Reply.Ack.class,
                        (out, m) -> {
                            Fields.incarnation(out, m.incarnation());
                            Fields.address(out, m.http());
                            out.string(m.version());
                        },
                        in ->
                                new ClientRequest.Hello(
                                        Fields.incarnation(in), Fields.address(in), in.string())),
                Form.request(
                        89,
                        ClientRequest.ListNodes.class,
                        ClientRequest.Nodes.class,
                        (out, m) -> {},
                        in -> new ClientRequest.ListNodes()),
                Form.request(
                        91,
                        ClientRequest.ListFollowers.class,
                        ClientRequest.Followers.class,
                        (out, m) -> {},
                        in -> new ClientRequest.ListFollowers()),
                Form.request(
                        92,
                        ClientRequest.ListPoisons.class,
                        ClientRequest.Poisons.class,
                        (out, m) -> {},
                        in -> new ClientRequest.ListPoisons()));
    }

    private static Stream<Form<?>> replies() {
        return Stream.of(
                Form.reply(
                        100,
                        ClientRequest.TableDescription.class,
                        ClientForms::description,
                        in -> description(in)),
                Form.reply(
                        107,
                        ClientRequest.CatalogChanges.class,
                        (out, m) ->
                                out.varint(m.version())
                                        .bool(m.complete())
                                        .list(m.changed(), ClientForms::description)
                                        .list(m.dropped(), Fields::table)
                                        .list(m.waiting(), ReportFields::poison),
                        in ->
                                new ClientRequest.CatalogChanges(
                                        in.varint(),
                                        in.bool(),
                                        in.list(ClientForms::description),
                                        in.list(Fields::table),
                                        in.list(ReportFields::poison))),
                Form.reply(
                        102,
                        ClientRequest.Submitted.class,
                        (out, m) -> out.optional(m.procedure(), Fields::procedure),
                        in -> new ClientRequest.Submitted(in.optional(Fields::procedure))),
                Form.reply(
                        108,
                        ClientRequest.Procedures.class,
                        (out, m) -> out.list(m.procedures(), ReportFields::procedure),
                        in -> new ClientRequest.Procedures(in.list(ReportFields::procedure))),
                Form.reply(
                        104,
                        ClientRequest.Nodes.class,
                        (out, m) -> out.list(m.nodes(), ReportFields::node),
                        in -> new ClientRequest.Nodes(in.list(ReportFields::node))),
                Form.reply(
                        105,
                        ClientRequest.Followers.class,
                        (out, m) -> out.list(m.followers(), ClientForms::follower),
                        in -> new ClientRequest.Followers(in.list(ClientForms::follower))),
                Form.reply(
                        106,
                        ClientRequest.Poisons.class,
                        (out, m) -> out.list(m.poisons(), ReportFields::poison),
                        in -> new ClientRequest.Poisons(in.list(ReportFields::poison))));
    }

    private static void follower(ByteWriter out, ClientRequest.Follower m) {
        Fields.region(out, m.region());
        Fields.peer(out, m.peer());
        out.bool(m.caughtUp());
    }

    private static ClientRequest.Follower follower(ByteReader in) {
        return new ClientRequest.Follower(Fields.region(in), Fields.peer(in), in.bool());
    }

    private static void newColumn(ByteWriter out, ClientRequest.NewColumn m) {
        out.string(m.name()).u8(m.type().tag()).u8(m.semantic().tag());
    }

    private static ClientRequest.NewColumn newColumn(ByteReader in) {
        return new ClientRequest.NewColumn(
                in.string(),
                ColumnType.ofTag(in.u8()).orElseThrow(() -> in.corrupt("unknown type")),
                Column.Semantic.ofTag(in.u8()).orElseThrow(() -> in.corrupt("unknown semantic")));
    }

    private static void description(ByteWriter out, ClientRequest.TableDescription m) {
        TableCodec.table(out, m.table());
        TableCodec.route(out, m.route());
    }

    private static ClientRequest.TableDescription description(ByteReader in) {
        return new ClientRequest.TableDescription(TableCodec.table(in), TableCodec.route(in));
    }

    private static void limits(ByteWriter out, Plan.Limits limits) {
        Fields.duration(out, limits.replayTimeout());
        out.optional(limits.maxPause(), Fields::duration).bool(limits.dryRun());
    }

    private static Plan.Limits limits(ByteReader in) {
        return new Plan.Limits(Fields.duration(in), in.optional(Fields::duration), in.bool());
    }
}
