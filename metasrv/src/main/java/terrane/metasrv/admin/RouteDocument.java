package terrane.metasrv.admin;

import terrane.core.RegionId;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.Literal;
import terrane.core.catalog.PartitionExpr;
import terrane.core.catalog.PartitionExpr.And;
import terrane.core.catalog.PartitionExpr.Comparison;
import terrane.core.catalog.PartitionExpr.Or;
import terrane.core.catalog.Route;
import terrane.core.catalog.Route.RegionRoute;
import terrane.core.catalog.Table;

import tools.jackson.databind.node.ObjectNode;

import java.util.Map;
import java.util.Optional;

/// A table's route in GreptimeDB's form, byte for byte: keys in this order, nothing between them.
final class RouteDocument {
    private RouteDocument() {}

    /// @param followers by their regions, as far as the leader knows
    static String of(Table table, Route route, Map<RegionId, Route.Leader> followers) {
        var document = Json.object().put("type", "physical");
        var regions = document.putArray("region_routes");
        for (var region : route.regions()) {
            var follower = Optional.ofNullable(followers.get(region.region()));
            regions.add(region(table, region, follower));
        }
        return Json.write(document.put("version", route.version()));
    }

    private static ObjectNode region(
            Table table, RegionRoute route, Optional<Route.Leader> follower) {
        var node = Json.object();
        var region = node.putObject("region");
        region.put("id", Json.unsigned(route.region().value())).put("name", "");
        var partition = region.putObject("partition");
        var columns = partition.putArray("column_list");
        var values = partition.putArray("value_list");
        if (table.partitions().regions().isEmpty()) {
            values.add("\"MaxValue\"");
        } else {
            table.partitions().columns().forEach(columns::add);
            var expr = table.partitions().regions().get(route.region().number());
            values.add(Json.write(expr(table, expr)));
        }
        region.putObject("attrs");
        if (route.leader().isPresent()) {
            peer(node.putObject("leader_peer"), route.leader().get());
        } else {
            node.putNull("leader_peer");
        }
        var followers = node.putArray("follower_peers");
        follower.ifPresent(one -> peer(followers.addObject(), one));
        return route.handingOver() ? node.put("leader_state", "downgrading") : node;
    }

    private static void peer(ObjectNode node, Route.Leader peer) {
        node.put("id", Json.unsigned(peer.node().peer().value()))
                .put("addr", peer.address().toString());
    }

    private static ObjectNode expr(Table table, PartitionExpr expr) {
        var node = Json.object();
        var inner = node.putObject("Expr");
        switch (expr) {
            case And and -> {
                inner.set("lhs", expr(table, and.lhs()));
                inner.put("op", "And").set("rhs", expr(table, and.rhs()));
            }
            case Or or -> {
                inner.set("lhs", expr(table, or.lhs()));
                inner.put("op", "Or").set("rhs", expr(table, or.rhs()));
            }
            case Comparison c -> {
                inner.putObject("lhs").put("Column", c.column());
                inner.put("op", c.operator().label());
                inner.putObject("rhs").set("Value", value(table, c));
            }
        }
        return node;
    }

    /// `{"String":"h"}`, `{"Int32":5}`: the type's name, then the value.
    private static ObjectNode value(Table table, Comparison comparison) {
        var type = table.schema().column(comparison.column()).orElseThrow().type();
        return switch (comparison.value()) {
            case Literal.Text text -> Json.object().put(type.label(), text.value());
            case Literal.Real real -> Json.object().put(type.label(), real.value());
            case Literal.Whole whole -> whole(type, whole.value());
        };
    }

    private static ObjectNode whole(ColumnType type, long value) {
        if (type == ColumnType.BOOLEAN) {
            return Json.object().put(type.label(), value != 0);
        }
        return type == ColumnType.UINT64
                ? Json.object().put(type.label(), Json.unsigned(value))
                : Json.object().put(type.label(), value);
    }
}
