package terrane.wire.codec;

import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.core.bytes.Fields;
import terrane.core.catalog.Literal;
import terrane.core.catalog.PartitionExpr;
import terrane.core.catalog.PartitionRule;
import terrane.core.catalog.Route;
import terrane.core.catalog.Table;
import terrane.core.catalog.TableName;
import terrane.core.catalog.TableSchema;
import terrane.core.migration.Plan;
import terrane.core.scan.Predicate;
import terrane.core.scan.ScanSpec;
import terrane.core.scan.TimeRange;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// How those words of the catalog and of scans are written that messages are made of.
final class CatalogFields {
    /// An expression of one comparison has depth 1. A rule is as deep as its text has operators in
    /// a row, and no statement has thousands; a stack of 1,000 reads is far below its end.
    private static final int EXPR_DEPTH_MAX = 1_000;

    private CatalogFields() {}

    static void name(ByteWriter out, TableName name) {
        out.string(name.catalog()).string(name.schema()).string(name.table());
    }

    static TableName name(ByteReader in) {
        return new TableName(in.string(), in.string(), in.string());
    }

    static void options(ByteWriter out, SortedMap<String, String> options) {
        out.list(options.entrySet(), (o, e) -> o.string(e.getKey()).string(e.getValue()));
    }

    static SortedMap<String, String> options(ByteReader in) {
        var options = new TreeMap<String, String>();
        int count = in.count(2);
        for (int i = 0; i < count; i++) {
            options.put(in.string(), in.string());
        }
        return Collections.unmodifiableSortedMap(options);
    }

    static void table(ByteWriter out, Table table) {
        Fields.table(out, table.id());
        name(out, table.name());
        table.schema().encode(out);
        rule(out, table.partitions());
        options(out, table.options());
    }

    static Table table(ByteReader in) {
        return new Table(Fields.table(in), name(in), TableSchema.decode(in), rule(in), options(in));
    }

    static void rule(ByteWriter out, PartitionRule rule) {
        out.list(rule.columns(), ByteWriter::string).list(rule.regions(), CatalogFields::expr);
    }

    static PartitionRule rule(ByteReader in) {
        return new PartitionRule(
                in.list(ByteReader::string), in.list(i -> expr(i, EXPR_DEPTH_MAX)));
    }

    private static void expr(ByteWriter out, PartitionExpr expr) {
        switch (expr) {
            case PartitionExpr.And(var lhs, var rhs) -> {
                out.u8(1);
                expr(out, lhs);
                expr(out, rhs);
            }
            case PartitionExpr.Or(var lhs, var rhs) -> {
                out.u8(2);
                expr(out, lhs);
                expr(out, rhs);
            }
            case PartitionExpr.Comparison(var column, var operator, var value) -> {
                out.u8(3).string(column);
                operator(out, operator);
                literal(out, value);
            }
        }
    }

    private static PartitionExpr expr(ByteReader in, int depthMax) {
        if (depthMax == 0) {
            throw in.corrupt("expression deeper than " + EXPR_DEPTH_MAX);
        }
        int tag = in.u8();
        return switch (tag) {
            case 1 -> new PartitionExpr.And(expr(in, depthMax - 1), expr(in, depthMax - 1));
            case 2 -> new PartitionExpr.Or(expr(in, depthMax - 1), expr(in, depthMax - 1));
            case 3 -> new PartitionExpr.Comparison(in.string(), operator(in), literal(in));
            default -> throw in.corrupt("unknown expression " + tag);
        };
    }

    private static void operator(ByteWriter out, PartitionExpr.Operator operator) {
        out.u8(
                switch (operator) {
                    case EQ -> 1;
                    case NOT_EQ -> 2;
                    case LT -> 3;
                    case LT_EQ -> 4;
                    case GT -> 5;
                    case GT_EQ -> 6;
                });
    }

    private static PartitionExpr.Operator operator(ByteReader in) {
        int tag = in.u8();
        return switch (tag) {
            case 1 -> PartitionExpr.Operator.EQ;
            case 2 -> PartitionExpr.Operator.NOT_EQ;
            case 3 -> PartitionExpr.Operator.LT;
            case 4 -> PartitionExpr.Operator.LT_EQ;
            case 5 -> PartitionExpr.Operator.GT;
            case 6 -> PartitionExpr.Operator.GT_EQ;
            default -> throw in.corrupt("unknown operator " + tag);
        };
    }

    private static void literal(ByteWriter out, Literal literal) {
        switch (literal) {
            case Literal.Text(String value) -> out.u8(1).string(value);
            case Literal.Whole(long value) -> out.u8(2).signed(value);
            case Literal.Real(double value) -> out.u8(3).i64(Double.doubleToRawLongBits(value));
        }
    }

    private static Literal literal(ByteReader in) {
        int tag = in.u8();
        return switch (tag) {
            case 1 -> new Literal.Text(in.string());
            case 2 -> new Literal.Whole(in.signed());
            case 3 -> new Literal.Real(Double.longBitsToDouble(in.i64()));
            default -> throw in.corrupt("unknown literal " + tag);
        };
    }

    static void route(ByteWriter out, Route route) {
        Fields.table(out, route.table());
        out.varint(route.version()).list(route.regions(), CatalogFields::regionRoute);
    }

    static Route route(ByteReader in) {
        return new Route(Fields.table(in), in.varint(), in.list(CatalogFields::regionRoute));
    }

    private static void regionRoute(ByteWriter out, Route.RegionRoute route) {
        Fields.region(out, route.region());
        Fields.epoch(out, route.epoch());
        out.optional(
                route.leader(),
                (o, leader) -> {
                    Fields.node(o, leader.node());
                    Fields.address(o, leader.address());
                });
        out.bool(route.handingOver());
    }

    private static Route.RegionRoute regionRoute(ByteReader in) {
        return new Route.RegionRoute(
                Fields.region(in),
                Fields.epoch(in),
                in.optional(i -> new Route.Leader(Fields.node(i), Fields.address(i))),
                in.bool());
    }

    static void limits(ByteWriter out, Plan.Limits limits) {
        Fields.duration(out, limits.replayTimeout());
        out.optional(limits.maxPause(), Fields::duration).bool(limits.dryRun());
    }

    static Plan.Limits limits(ByteReader in) {
        return new Plan.Limits(Fields.duration(in), in.optional(Fields::duration), in.bool());
    }

    static void spec(ByteWriter out, ScanSpec spec) {
        out.list(spec.columnIds(), (o, id) -> o.varint(id));
        out.signed(spec.times().from()).signed(spec.times().to());
        out.list(spec.predicates(), CatalogFields::predicate).varint(spec.limit());
    }

    static ScanSpec spec(ByteReader in) {
        return new ScanSpec(
                in.list(ByteReader::varint32),
                new TimeRange(in.signed(), in.signed()),
                in.list(CatalogFields::predicate),
                in.varint());
    }

    private static void predicate(ByteWriter out, Predicate predicate) {
        switch (predicate) {
            case Predicate.Compare(int column, var operator, var value) -> {
                out.u8(1).varint(column);
                operator(out, operator);
                literal(out, value);
            }
            case Predicate.In(int column, var values) ->
                    out.u8(2).varint(column).list(values, CatalogFields::literal);
            case Predicate.IsNull(int column, boolean negated) ->
                    out.u8(3).varint(column).bool(negated);
        }
    }

    private static Predicate predicate(ByteReader in) {
        int tag = in.u8();
        return switch (tag) {
            case 1 -> new Predicate.Compare(in.varint32(), operator(in), literal(in));
            case 2 -> new Predicate.In(in.varint32(), in.list(CatalogFields::literal));
            case 3 -> new Predicate.IsNull(in.varint32(), in.bool());
            default -> throw in.corrupt("unknown predicate " + tag);
        };
    }
}
