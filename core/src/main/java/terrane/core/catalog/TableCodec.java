package terrane.core.catalog;

import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.core.bytes.Fields;
import terrane.core.catalog.PartitionExpr.And;
import terrane.core.catalog.PartitionExpr.Comparison;
import terrane.core.catalog.PartitionExpr.Operator;
import terrane.core.catalog.PartitionExpr.Or;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// The bytes of tables, their partition rules and their routes, in the metasrv's log and on the
/// wire. Tag numbers are never changed and never reused.
public final class TableCodec {
    /// An expression of one comparison has depth 1. A rule is as deep as its text has operators in
    /// a row, and no statement has thousands; a stack of 1,000 reads is far below its end.
    private static final int EXPR_DEPTH_MAX = 1_000;

    private TableCodec() {}

    public static void table(ByteWriter out, Table table) {
        Fields.table(out, table.id());
        name(out, table.name());
        table.schema().encode(out);
        rule(out, table.partitions());
        options(out, table.options());
    }

    public static Table table(ByteReader in) {
        return new Table(Fields.table(in), name(in), TableSchema.decode(in), rule(in), options(in));
    }

    public static void name(ByteWriter out, TableName name) {
        out.string(name.catalog()).string(name.schema()).string(name.table());
    }

    public static TableName name(ByteReader in) {
        return new TableName(in.string(), in.string(), in.string());
    }

    public static void options(ByteWriter out, SortedMap<String, String> options) {
        out.list(
                options.entrySet(),
                (o, entry) -> o.string(entry.getKey()).string(entry.getValue()));
    }

    public static SortedMap<String, String> options(ByteReader in) {
        var options = new TreeMap<String, String>();
        int count = in.count(2);
        for (int i = 0; i < count; i++) {
            options.put(in.string(), in.string());
        }
        return Collections.unmodifiableSortedMap(options);
    }

    public static void rule(ByteWriter out, PartitionRule rule) {
        out.list(rule.columns(), ByteWriter::string).list(rule.regions(), TableCodec::expr);
    }

    public static PartitionRule rule(ByteReader in) {
        return new PartitionRule(
                in.list(ByteReader::string), in.list(each -> expr(each, EXPR_DEPTH_MAX)));
    }

    public static void expr(ByteWriter out, PartitionExpr expr) {
        switch (expr) {
            case And and -> {
                expr(out.u8(1), and.lhs());
                expr(out, and.rhs());
            }
            case Or or -> {
                expr(out.u8(2), or.lhs());
                expr(out, or.rhs());
            }
            case Comparison c -> {
                operator(out.u8(3).string(c.column()), c.operator());
                literal(out, c.value());
            }
        }
    }

    private static PartitionExpr expr(ByteReader in, int depth) {
        if (depth == 0) {
            throw in.corrupt("expression deeper than " + EXPR_DEPTH_MAX);
        }
        int tag = in.u8();
        return switch (tag) {
            case 1 -> new And(expr(in, depth - 1), expr(in, depth - 1));
            case 2 -> new Or(expr(in, depth - 1), expr(in, depth - 1));
            case 3 -> new Comparison(in.string(), operator(in), literal(in));
            default -> throw in.corrupt("unknown partition expression " + tag);
        };
    }

    public static void operator(ByteWriter out, Operator operator) {
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

    public static Operator operator(ByteReader in) {
        int tag = in.u8();
        return switch (tag) {
            case 1 -> Operator.EQ;
            case 2 -> Operator.NOT_EQ;
            case 3 -> Operator.LT;
            case 4 -> Operator.LT_EQ;
            case 5 -> Operator.GT;
            case 6 -> Operator.GT_EQ;
            default -> throw in.corrupt("unknown operator " + tag);
        };
    }

    public static void literal(ByteWriter out, Literal literal) {
        switch (literal) {
            case Literal.Text text -> out.u8(1).string(text.value());
            case Literal.Whole whole -> out.u8(2).signed(whole.value());
            case Literal.Real real -> out.u8(3).i64(Double.doubleToRawLongBits(real.value()));
        }
    }

    public static Literal literal(ByteReader in) {
        int tag = in.u8();
        return switch (tag) {
            case 1 -> new Literal.Text(in.string());
            case 2 -> new Literal.Whole(in.signed());
            case 3 -> new Literal.Real(Double.longBitsToDouble(in.i64()));
            default -> throw in.corrupt("unknown literal " + tag);
        };
    }

    public static void route(ByteWriter out, Route route) {
        Fields.table(out, route.table());
        out.varint(route.version()).list(route.regions(), TableCodec::regionRoute);
    }

    public static Route route(ByteReader in) {
        return new Route(Fields.table(in), in.varint(), in.list(TableCodec::regionRoute));
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
                in.optional(each -> new Route.Leader(Fields.node(each), Fields.address(each))),
                in.bool());
    }
}
