package terrane.core.catalog;

import terrane.core.ClusterId;
import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.core.bytes.Fields;
import terrane.core.migration.MigrationCodec;

/// The bytes of one change in the metasrv's log. Tag numbers are never changed and never reused,
/// and neither is the form 2, which says that an entry has several changes ([EntryCodec]).
public final class ChangeCodec {
    private static final int FORM = 1;

    private ChangeCodec() {}

    public static byte[] encode(Change change) {
        var out = new ByteWriter().u8(FORM);
        write(out, change);
        return out.toBytes();
    }

    /// @throws terrane.core.TerraneException.Corrupt if the bytes are not one change
    public static Change decode(byte[] bytes) {
        var in = new ByteReader(bytes);
        in.version(FORM, "change");
        var change = read(in);
        in.end("change");
        return change;
    }

    private static void write(ByteWriter out, Change change) {
        switch (change) {
            case Change.Noop _ -> out.u8(1);
            case Change.Initialize c -> out.u8(2).uuid(c.cluster().value());
            case Change.ConfigureWal c -> out.u8(3).list(c.partitions(), Fields::partition);
            case Change.RegisterNode c -> register(out.u8(4), c);
            case Change.NodeLeft c -> Fields.node(out.u8(5), c.node());
            case Change.StorageProven c -> Fields.node(out.u8(6), c.node());
            case Change.RaiseLongestLease c -> Fields.duration(out.u8(7), c.lease());
            case Change.CreateTable c -> create(out.u8(8), c);
            case Change.SubmitMigration c -> submit(out.u8(9), c);
            case Change.SaveMigration c -> save(out.u8(10), c);
            case Change.SubmitAlter c -> submitAlter(out.u8(11), c);
            case Change.AlterDone c -> {
                Fields.procedure(out.u8(12), c.procedure());
                Fields.instant(out, c.at());
            }
            case Change.DropTable c -> {
                Fields.procedure(out.u8(13), c.procedure());
                Fields.table(out, c.table());
                Fields.instant(out, c.submitted());
            }
            case Change.TableGone c -> {
                Fields.procedure(out.u8(14), c.procedure());
                Fields.instant(out, c.at());
            }
            case Change.CommitFlushed c -> out.u8(15).list(c.regions(), ChangeCodec::flushed);
            case Change.Pin c -> Fields.procedure(out.u8(16), c.procedure());
            case Change.Unpin c -> Fields.procedure(out.u8(17), c.procedure());
            case Change.Cancel c -> Fields.procedure(out.u8(19), c.procedure());
            case Change.RecordWriteGap c -> {
                Fields.region(out.u8(18), c.region());
                Fields.epoch(out, c.epoch());
                Fields.duration(out, c.gap());
            }
        }
    }

    private static Change read(ByteReader in) {
        int tag = in.u8();
        return switch (tag) {
            case 1 -> new Change.Noop();
            case 2 -> new Change.Initialize(new ClusterId(in.uuid()));
            case 3 -> new Change.ConfigureWal(in.list(Fields::partition));
            case 4 -> register(in);
            case 5 -> new Change.NodeLeft(Fields.node(in));
            case 6 -> new Change.StorageProven(Fields.node(in));
            case 7 -> new Change.RaiseLongestLease(Fields.duration(in));
            case 8 -> create(in);
            case 9 -> submit(in);
            case 10 -> save(in);
            case 11 ->
                    new Change.SubmitAlter(
                            Fields.procedure(in),
                            Fields.table(in),
                            TableSchema.decode(in),
                            Fields.instant(in));
            case 12 -> new Change.AlterDone(Fields.procedure(in), Fields.instant(in));
            case 13 ->
                    new Change.DropTable(
                            Fields.procedure(in), Fields.table(in), Fields.instant(in));
            case 14 -> new Change.TableGone(Fields.procedure(in), Fields.instant(in));
            case 15 -> new Change.CommitFlushed(in.list(ChangeCodec::flushed));
            case 16 -> new Change.Pin(Fields.procedure(in));
            case 17 -> new Change.Unpin(Fields.procedure(in));
            case 18 ->
                    new Change.RecordWriteGap(
                            Fields.region(in), Fields.epoch(in), Fields.duration(in));
            case 19 -> new Change.Cancel(Fields.procedure(in));
            default -> throw in.corrupt("unknown change " + tag);
        };
    }

    private static void register(ByteWriter out, Change.RegisterNode c) {
        Fields.node(out, c.node());
        Fields.address(out, c.rpc());
        Fields.address(out, c.http());
        Fields.instant(out.string(c.version()), c.started());
        out.optional(c.replaced(), Fields::node);
    }

    private static Change register(ByteReader in) {
        return new Change.RegisterNode(
                Fields.node(in),
                Fields.address(in),
                Fields.address(in),
                in.string(),
                Fields.instant(in),
                in.optional(Fields::node));
    }

    private static void create(ByteWriter out, Change.CreateTable c) {
        TableCodec.name(out, c.name());
        c.schema().encode(out);
        TableCodec.rule(out, c.partitions());
        TableCodec.options(out, c.options());
        out.list(
                c.placements(),
                (o, placement) -> {
                    Fields.procedure(o, placement.procedure());
                    Fields.node(o, placement.claimant());
                });
        Fields.instant(out, c.submitted());
    }

    private static Change create(ByteReader in) {
        return new Change.CreateTable(
                TableCodec.name(in),
                TableSchema.decode(in),
                TableCodec.rule(in),
                TableCodec.options(in),
                in.list(each -> new Change.Placement(Fields.procedure(each), Fields.node(each))),
                Fields.instant(in));
    }

    private static void submit(ByteWriter out, Change.SubmitMigration c) {
        Fields.procedure(out, c.procedure());
        MigrationCodec.plan(out, c.plan());
        MigrationCodec.state(out, c.state());
        out.optional(c.requestId(), ByteWriter::string);
    }

    private static Change submit(ByteReader in) {
        return new Change.SubmitMigration(
                Fields.procedure(in),
                MigrationCodec.plan(in),
                MigrationCodec.state(in),
                in.optional(ByteReader::string));
    }

    private static void save(ByteWriter out, Change.SaveMigration c) {
        Fields.procedure(out, c.procedure());
        MigrationCodec.state(out.varint(c.expected()), c.state());
        ProcedureCodec.measured(out, c.measured());
        Fields.instant(out, c.at());
    }

    private static Change save(ByteReader in) {
        return new Change.SaveMigration(
                Fields.procedure(in),
                in.varint(),
                MigrationCodec.state(in),
                ProcedureCodec.measured(in),
                Fields.instant(in));
    }

    private static void submitAlter(ByteWriter out, Change.SubmitAlter c) {
        Fields.procedure(out, c.procedure());
        Fields.table(out, c.table());
        c.schema().encode(out);
        Fields.instant(out, c.submitted());
    }

    private static void flushed(ByteWriter out, Change.FlushedTo flushed) {
        Fields.region(out, flushed.region());
        Fields.offset(out, flushed.offset());
    }

    private static Change.FlushedTo flushed(ByteReader in) {
        return new Change.FlushedTo(Fields.region(in), Fields.offset(in));
    }
}
