package terrane.wire.codec;

import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.core.catalog.TableCodec;
import terrane.core.scan.Predicate;
import terrane.core.scan.ScanSpec;
import terrane.core.scan.TimeRange;

/// How scans are written.
final class ScanFields {
    private ScanFields() {}

    static void spec(ByteWriter out, ScanSpec spec) {
        out.list(spec.columnIds(), (o, id) -> o.varint(id));
        out.signed(spec.times().from()).signed(spec.times().to());
        out.list(spec.predicates(), ScanFields::predicate).varint(spec.limit());
    }

    static ScanSpec spec(ByteReader in) {
        return new ScanSpec(
                in.list(ByteReader::varint32),
                new TimeRange(in.signed(), in.signed()),
                in.list(ScanFields::predicate),
                in.varint());
    }

    private static void predicate(ByteWriter out, Predicate predicate) {
        switch (predicate) {
            case Predicate.Compare(int column, var operator, var value) -> {
                out.u8(1).varint(column);
                TableCodec.operator(out, operator);
                TableCodec.literal(out, value);
            }
            case Predicate.In(int column, var values) ->
                    out.u8(2).varint(column).list(values, TableCodec::literal);
            case Predicate.IsNull(int column, boolean negated) ->
                    out.u8(3).varint(column).bool(negated);
        }
    }

    private static Predicate predicate(ByteReader in) {
        int tag = in.u8();
        return switch (tag) {
            case 1 ->
                    new Predicate.Compare(
                            in.varint32(), TableCodec.operator(in), TableCodec.literal(in));
            case 2 -> new Predicate.In(in.varint32(), in.list(TableCodec::literal));
            case 3 -> new Predicate.IsNull(in.varint32(), in.bool());
            default -> throw in.corrupt("unknown predicate " + tag);
        };
    }
}
