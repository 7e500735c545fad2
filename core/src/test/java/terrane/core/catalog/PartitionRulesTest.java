package terrane.core.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import terrane.core.TerraneException.Rejected;
import terrane.core.catalog.Literal.Real;
import terrane.core.catalog.Literal.Text;
import terrane.core.catalog.Literal.Whole;
import terrane.core.catalog.PartitionExpr.And;
import terrane.core.catalog.PartitionExpr.Comparison;
import terrane.core.catalog.PartitionExpr.Operator;
import terrane.core.catalog.PartitionExpr.Or;
import terrane.core.rows.RowBatchBuilder;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Sound rules pass and put every row into the one region whose expression holds; unsound ones are
/// refused in words that say what to repair.
class PartitionRulesTest {
    private static final TableSchema SCHEMA =
            new TableSchema(
                    1,
                    List.of(
                            tag(1, "host", ColumnType.STRING),
                            tag(2, "shard", ColumnType.INT32),
                            tag(3, "flag", ColumnType.BOOLEAN),
                            tag(4, "load", ColumnType.FLOAT64),
                            tag(5, "big", ColumnType.UINT64),
                            tag(6, "raw", ColumnType.BINARY),
                            new Column(
                                    7,
                                    "ts",
                                    ColumnType.TIMESTAMP_MILLISECOND,
                                    Column.Semantic.TIMESTAMP,
                                    false)),
                    MergeMode.LAST_ROW);

    private static Column tag(int id, String name, ColumnType type) {
        return new Column(id, name, type, Column.Semantic.TAG, true);
    }

    private static PartitionExpr host(Operator operator, String value) {
        return new Comparison("host", operator, new Text(value));
    }

    private static PartitionExpr shard(Operator operator, long value) {
        return new Comparison("shard", operator, new Whole(value));
    }

    private static PartitionExpr and(PartitionExpr lhs, PartitionExpr rhs) {
        return new And(lhs, rhs);
    }

    private static PartitionRule on(List<String> columns, PartitionExpr... regions) {
        return new PartitionRule(columns, List.of(regions));
    }

    private static PartitionRule onHost(PartitionExpr... regions) {
        return on(List.of("host"), regions);
    }

    private static PartitionRule threeHosts() {
        return onHost(
                host(Operator.LT, "h"),
                and(host(Operator.GT_EQ, "h"), host(Operator.LT, "q")),
                host(Operator.GT_EQ, "q"));
    }

    private static void assertRefused(PartitionRule rule, String... words) {
        assertThatThrownBy(() -> PartitionRules.validate(rule, SCHEMA))
                .isInstanceOf(Rejected.class)
                .hasMessageContainingAll(words);
    }

    @Test
    void documentedRuleIsSound() {
        PartitionRules.validate(threeHosts(), SCHEMA);
        PartitionRules.validate(PartitionRule.SINGLE, SCHEMA);
        PartitionRules.validate(on(List.of("host")), SCHEMA);
    }

    @Test
    void whatIsLeftOutIsSaidInSql() {
        assertRefused(
                onHost(host(Operator.LT, "h"), host(Operator.GT_EQ, "q")),
                "no partition holds host >= 'h' AND host < 'q'");
        assertRefused(
                onHost(host(Operator.LT, "h"), host(Operator.GT, "h")),
                "no partition holds host = 'h'");
        assertRefused(onHost(host(Operator.GT_EQ, "h")), "no partition holds host < 'h'");
        assertRefused(onHost(host(Operator.LT, "it's")), "no partition holds host >= 'it''s'");
        assertRefused(onHost(host(Operator.GT_EQ, "")), "no partition holds host IS NULL");
    }

    @Test
    void whatIsCoveredTwiceIsSaidInSql() {
        assertRefused(
                onHost(host(Operator.LT, "q"), host(Operator.GT_EQ, "h")),
                "partitions 1 and 2 both hold host >= 'h' AND host < 'q'");
        assertRefused(
                onHost(host(Operator.LT_EQ, "h"), host(Operator.GT_EQ, "h")),
                "partitions 1 and 2 both hold host = 'h'");
    }

    @Test
    void severalFaultsAreListedUpToABound() {
        assertRefused(
                onHost(
                        host(Operator.EQ, "a"),
                        host(Operator.EQ, "b"),
                        host(Operator.EQ, "c"),
                        host(Operator.EQ, "d")),
                "host < 'a'",
                "host > 'a' AND host < 'b'",
                "; and more");
    }

    @Test
    void twoColumnsAreCutIntoCells() {
        var columns = List.of("host", "shard");
        var low = and(host(Operator.LT, "m"), shard(Operator.LT, 10));
        var high = and(host(Operator.LT, "m"), shard(Operator.GT_EQ, 10));
        PartitionRules.validate(on(columns, low, high, host(Operator.GT_EQ, "m")), SCHEMA);
        assertRefused(on(columns, low, high), "no partition holds host >= 'm'");
        assertRefused(
                on(columns, low, host(Operator.GT_EQ, "m")),
                "no partition holds host < 'm' AND shard >= 10");
    }

    @Test
    void valuesThatDoNotExistNeedNoRegion() {
        var shards = List.of("shard");
        PartitionRules.validate(
                on(shards, shard(Operator.LT_EQ, 1), shard(Operator.GT_EQ, 2)), SCHEMA);
        assertRefused(
                on(shards, shard(Operator.LT_EQ, 1), shard(Operator.GT_EQ, 3)),
                "no partition holds shard > 1 AND shard < 3");
        PartitionRules.validate(on(shards, shard(Operator.LT_EQ, Integer.MAX_VALUE)), SCHEMA);
        var off = new Comparison("flag", Operator.NOT_EQ, new Whole(1));
        var on = new Comparison("flag", Operator.EQ, new Whole(1));
        PartitionRules.validate(on(List.of("flag"), off, on), SCHEMA);
    }

    @Test
    void unsignedNumbersAreCutUnsigned() {
        var low = new Comparison("big", Operator.LT, new Whole(-2));
        var high = new Comparison("big", Operator.GT_EQ, new Whole(-2));
        PartitionRules.validate(on(List.of("big"), low, high), SCHEMA);
        assertRefused(on(List.of("big"), low), "big >= 18446744073709551614");
    }

    @Test
    void columnsMustBeInThePrimaryKey() {
        assertRefused(on(List.of("nix"), host(Operator.LT, "a")), "'nix' not found");
        assertRefused(on(List.of("ts"), host(Operator.LT, "a")), "'ts' is not in the primary key");
        assertRefused(on(List.of("host", "host")), "'host' is named twice");
        assertRefused(on(List.of("raw")), "'raw' is binary");
        assertRefused(on(List.of(), host(Operator.LT, "a")), "partitions need columns");
        assertRefused(onHost(shard(Operator.LT, 1)), "'shard'", "not among the partition columns");
    }

    @Test
    void constantsMustFitTheirColumns() {
        assertRefused(
                onHost(new Comparison("host", Operator.LT, new Whole(1))), "of type String with");
        assertRefused(on(List.of("shard"), shard(Operator.LT, 1L << 40)), "of type Int32 with");
        var nan = new Comparison("load", Operator.LT, new Real(Double.NaN));
        assertRefused(on(List.of("load"), nan), "of type Float64 with");
    }

    @Test
    void textIsOrderedByItsBytes() {
        var order = LiteralOrder.of(ColumnType.STRING);
        // As UTF-16 the second would be the smaller.
        assertThat(order.compare(new Text("\uFF5E"), new Text("😀"))).isNegative();
        assertThat(LiteralOrder.REAL.compare(new Real(-0.0), new Real(0.0))).isZero();
        assertThat(LiteralOrder.REAL.compare(new Real(Double.NaN), new Real(1e300))).isPositive();
    }

    @Test
    void rowsGoToTheRegionWhoseExpressionHolds() {
        var locator = new RegionLocator(threeHosts(), SCHEMA);
        var builder = new RowBatchBuilder(1);
        var column = builder.column(1, ColumnType.STRING);
        for (String host : List.of("a", "h", "hh", "p\uFFFF", "q", "z")) {
            builder.addRow();
            column.put(host);
        }
        builder.addRow();
        assertThat(locator.locate(builder.build())).containsExactly(0, 1, 1, 1, 2, 2, 0);
        assertThat(locator.locate(name -> Optional.of(new Text("m")))).isEqualTo(1);
        assertThat(locator.locate(name -> Optional.empty())).isEqualTo(0);
    }

    @Test
    void tableOfOneRegionHoldsEverything() {
        var builder = new RowBatchBuilder(1);
        builder.addRow();
        assertThat(new RegionLocator(PartitionRule.SINGLE, SCHEMA).locate(builder.build()))
                .containsExactly(0);
    }

    @Test
    void locatorAgreesWithPlainEvaluation() {
        var random = new Random(11);
        int sound = 0;
        for (int i = 0; i < 2_000; i++) {
            var rule = randomRule(random);
            try {
                PartitionRules.validate(rule, SCHEMA);
            } catch (Rejected e) {
                continue;
            }
            sound++;
            assertLocates(rule, random);
        }
        assertThat(sound).isGreaterThan(50);
    }

    private static void assertLocates(PartitionRule rule, Random random) {
        var locator = new RegionLocator(rule, SCHEMA);
        for (int i = 0; i < 30; i++) {
            var host = random.nextInt(8) == 0 ? null : randomHost(random);
            long shard = random.nextInt(6);
            var matching = new ArrayList<Integer>();
            for (int region = 0; region < rule.regions().size(); region++) {
                if (holds(rule.regions().get(region), Optional.ofNullable(host), shard)) {
                    matching.add(region);
                }
            }
            var text = Optional.ofNullable(host).<Literal>map(Text::new);
            int located =
                    locator.locate(
                            name -> name.equals("host") ? text : Optional.of(new Whole(shard)));
            assertThat(matching)
                    .as("%s host=%s shard=%d", rule, host, shard)
                    .containsExactly(located);
        }
    }

    private static PartitionRule randomRule(Random random) {
        var first = randomExpr(random, 2);
        return on(List.of("host", "shard"), first, not(first));
    }

    private static PartitionExpr randomExpr(Random random, int depth) {
        if (depth == 0 || random.nextInt(3) == 0) {
            var operator = List.of(Operator.values()).get(random.nextInt(6));
            return random.nextBoolean()
                    ? host(operator, randomHost(random))
                    : shard(operator, random.nextInt(5));
        }
        var lhs = randomExpr(random, depth - 1);
        var rhs = randomExpr(random, depth - 1);
        return random.nextBoolean() ? new And(lhs, rhs) : new Or(lhs, rhs);
    }

    private static String randomHost(Random random) {
        return Character.toString('a' + random.nextInt(5)).repeat(random.nextInt(3));
    }

    private static PartitionExpr not(PartitionExpr expr) {
        return switch (expr) {
            case And and -> new Or(not(and.lhs()), not(and.rhs()));
            case Or or -> new And(not(or.lhs()), not(or.rhs()));
            case Comparison c -> new Comparison(c.column(), not(c.operator()), c.value());
        };
    }

    private static Operator not(Operator operator) {
        return switch (operator) {
            case EQ -> Operator.NOT_EQ;
            case NOT_EQ -> Operator.EQ;
            case LT -> Operator.GT_EQ;
            case LT_EQ -> Operator.GT;
            case GT -> Operator.LT_EQ;
            case GT_EQ -> Operator.LT;
        };
    }

    private static boolean holds(PartitionExpr expr, Optional<String> host, long shard) {
        return switch (expr) {
            case And and -> holds(and.lhs(), host, shard) && holds(and.rhs(), host, shard);
            case Or or -> holds(or.lhs(), host, shard) || holds(or.rhs(), host, shard);
            case Comparison c -> {
                int compared =
                        switch (c.value()) {
                            case Text text -> host.map(h -> h.compareTo(text.value())).orElse(-1);
                            case Whole whole -> Long.compare(shard, whole.value());
                            case Real _ -> throw new AssertionError("no real columns here");
                        };
                yield switch (c.operator()) {
                    case EQ -> compared == 0;
                    case NOT_EQ -> compared != 0;
                    case LT -> compared < 0;
                    case LT_EQ -> compared <= 0;
                    case GT -> compared > 0;
                    case GT_EQ -> compared >= 0;
                };
            }
        };
    }

    @Test
    void ruleOfAThousandRegionsIsChecked() {
        var regions = new ArrayList<PartitionExpr>();
        regions.add(shard(Operator.LT, 1));
        for (int i = 1; i < 1_000; i++) {
            regions.add(and(shard(Operator.GT_EQ, i), shard(Operator.LT, i + 1)));
        }
        regions.add(shard(Operator.GT_EQ, 1_000));
        PartitionRules.validate(new PartitionRule(List.of("shard"), regions), SCHEMA);
    }
}
