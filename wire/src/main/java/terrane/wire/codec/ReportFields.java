package terrane.wire.codec;

import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.core.bytes.Fields;
import terrane.core.wal.UnflushedSum;
import terrane.wire.metasrv.NodeReport;
import terrane.wire.metasrv.PoisonReport;
import terrane.wire.metasrv.ProcedureReport;

/// How reports on procedures and nodes are written.
final class ReportFields {
    private ReportFields() {}

    static void procedure(ByteWriter out, ProcedureReport m) {
        Fields.procedure(out, m.id());
        out.string(m.kind()).string(m.status()).optional(m.error(), ByteWriter::string);
        out.optional(m.region(), Fields::region);
        out.optional(m.source(), Fields::peer).optional(m.target(), Fields::peer);
        out.string(m.stage()).list(m.stages(), ReportFields::stage);
        out.optional(m.lagRecords(), ByteWriter::signed);
        out.optional(m.predictedGap(), Fields::duration);
        out.optional(m.writeGap(), Fields::duration);
        out.optional(m.certificate(), ReportFields::certificate);
    }

    static ProcedureReport procedure(ByteReader in) {
        return new ProcedureReport(
                Fields.procedure(in),
                in.string(),
                in.string(),
                in.optional(ByteReader::string),
                in.optional(Fields::region),
                in.optional(Fields::peer),
                in.optional(Fields::peer),
                in.string(),
                in.list(ReportFields::stage),
                in.optional(ByteReader::signed),
                in.optional(Fields::duration),
                in.optional(Fields::duration),
                in.optional(ReportFields::certificate));
    }

    private static void stage(ByteWriter out, ProcedureReport.Stage m) {
        Fields.instant(out.string(m.name()), m.began());
        out.optional(m.ended(), Fields::instant);
    }

    private static ProcedureReport.Stage stage(ByteReader in) {
        return new ProcedureReport.Stage(
                in.string(), Fields.instant(in), in.optional(Fields::instant));
    }

    private static void certificate(ByteWriter out, ProcedureReport.Certificate m) {
        out.optional(m.sourceEpoch(), Fields::epoch);
        Fields.epoch(out, m.targetEpoch());
        Fields.offset(out, m.fence());
        out.varint(m.manifestVersion()).string(m.manifestDigest());
        out.optional(m.source(), (o, sum) -> sum.encode(o));
        m.target().encode(out);
        out.optional(m.agreed(), ByteWriter::bool).varint(m.skipped());
    }

    private static ProcedureReport.Certificate certificate(ByteReader in) {
        return new ProcedureReport.Certificate(
                in.optional(Fields::epoch),
                Fields.epoch(in),
                Fields.offset(in),
                in.varint(),
                in.string(),
                in.optional(UnflushedSum::decode),
                UnflushedSum.decode(in),
                in.optional(ByteReader::bool),
                in.varint());
    }

    static void poison(ByteWriter out, PoisonReport m) {
        Fields.region(out, m.region());
        Fields.partition(out, m.wal());
        Fields.offset(out, m.offset());
        Fields.peer(out.bool(m.rows()), m.peer());
        out.bool(m.waits()).string(m.reason());
    }

    static PoisonReport poison(ByteReader in) {
        return new PoisonReport(
                Fields.region(in),
                Fields.partition(in),
                Fields.offset(in),
                in.bool(),
                Fields.peer(in),
                in.bool(),
                in.string());
    }

    static void node(ByteWriter out, NodeReport m) {
        out.string(m.kind()).optional(m.node(), Fields::node).varint(m.id());
        Fields.address(out, m.address());
        Fields.address(out, m.http());
        out.bool(m.alive()).bool(m.leader());
        out.optional(m.version(), ByteWriter::string);
        out.optional(m.started(), Fields::instant);
        out.optional(m.lastSeen(), Fields::instant);
        out.varint(m.regions());
    }

    static NodeReport node(ByteReader in) {
        return new NodeReport(
                in.string(),
                in.optional(Fields::node),
                in.varint(),
                Fields.address(in),
                Fields.address(in),
                in.bool(),
                in.bool(),
                in.optional(ByteReader::string),
                in.optional(Fields::instant),
                in.optional(Fields::instant),
                in.varint32());
    }
}
