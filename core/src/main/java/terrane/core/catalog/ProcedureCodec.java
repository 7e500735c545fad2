package terrane.core.catalog;

import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.core.bytes.Fields;
import terrane.core.migration.MigrationCodec;

import java.util.List;

/// The stored form of procedures. Tag numbers are never changed and never reused.
final class ProcedureCodec {
    private ProcedureCodec() {}

    static void procedure(ByteWriter out, Procedure procedure) {
        switch (procedure) {
            case Procedure.Migrating p -> {
                head(out.u8(1), p);
                MigrationCodec.plan(out, p.plan());
                MigrationCodec.state(out, p.state());
                out.optional(p.given(), Fields::epoch);
                measured(out, p.measured());
            }
            case Procedure.Altering p -> {
                head(out.u8(2), p);
                Fields.table(out, p.table());
                p.schema().encode(out);
                state(out, p.state());
            }
            case Procedure.Dropping p -> {
                head(out.u8(3), p);
                TableCodec.table(out, p.table());
                out.list(p.regions(), CatalogCodec::region);
                state(out, p.state());
            }
        }
    }

    private static void head(ByteWriter out, Procedure procedure) {
        Fields.procedure(out, procedure.id());
        out.varint(procedure.version()).list(procedure.stages(), ProcedureCodec::stage);
    }

    static Procedure procedure(ByteReader in) {
        int tag = in.u8();
        var id = Fields.procedure(in);
        long version = in.varint();
        var stages = in.list(ProcedureCodec::stage);
        if (stages.isEmpty()) {
            throw in.corrupt("procedure without a stage");
        }
        return switch (tag) {
            case 1 -> migrating(in, id, version, stages);
            case 2 ->
                    new Procedure.Altering(
                            id,
                            version,
                            Fields.table(in),
                            TableSchema.decode(in),
                            state(in),
                            stages);
            case 3 ->
                    new Procedure.Dropping(
                            id,
                            version,
                            TableCodec.table(in),
                            in.list(CatalogCodec::region),
                            state(in),
                            stages);
            default -> throw in.corrupt("unknown procedure " + tag);
        };
    }

    private static Procedure migrating(
            ByteReader in, terrane.core.ProcedureId id, long version, List<Stage> stages) {
        var plan = MigrationCodec.plan(in);
        var state = MigrationCodec.state(in);
        return new Procedure.Migrating(
                id, version, plan, state, stages, in.optional(Fields::epoch), measured(in));
    }

    private static void stage(ByteWriter out, Stage stage) {
        Fields.instant(out.string(stage.name()), stage.began());
        out.optional(stage.ended(), Fields::instant);
    }

    private static Stage stage(ByteReader in) {
        return new Stage(in.string(), Fields.instant(in), in.optional(Fields::instant));
    }

    static void measured(ByteWriter out, Measured measured) {
        out.optional(measured.lagRecords(), ByteWriter::varint);
        out.optional(measured.predictedGap(), Fields::duration);
        out.optional(measured.certificate(), MigrationCodec::certificate);
        out.optional(measured.writeGap(), Fields::duration);
    }

    static Measured measured(ByteReader in) {
        return new Measured(
                in.optional(ByteReader::varint),
                in.optional(Fields::duration),
                in.optional(MigrationCodec::certificate),
                in.optional(Fields::duration));
    }

    private static void state(ByteWriter out, DdlState state) {
        switch (state) {
            case DdlState.Underway _ -> out.u8(1);
            case DdlState.Finished _ -> out.u8(2);
            case DdlState.Abandoned s -> out.u8(3).string(s.reason());
        }
    }

    private static DdlState state(ByteReader in) {
        int tag = in.u8();
        return switch (tag) {
            case 1 -> new DdlState.Underway();
            case 2 -> new DdlState.Finished();
            case 3 -> new DdlState.Abandoned(in.string());
            default -> throw in.corrupt("unknown state " + tag);
        };
    }
}
