package terrane.metasrv.admin;

import terrane.core.wal.UnflushedSum;
import terrane.metasrv.client.NodeList;
import terrane.metasrv.client.PoisonList;
import terrane.wire.metasrv.PoisonReport;
import terrane.wire.metasrv.ProcedureReport;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/// The documents of the admin API.
final class Json {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final DateTimeFormatter HUMAN_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ssxx").withZone(ZoneOffset.UTC);

    private Json() {}

    static String write(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }

    static ObjectNode object() {
        return NODES.objectNode();
    }

    static ArrayNode array() {
        return NODES.arrayNode();
    }

    /// A JSON string that contains `text`.
    static String quoted(String text) {
        return write(NODES.stringNode(text));
    }

    /// Ids are unsigned.
    static BigInteger unsigned(long id) {
        return new BigInteger(Long.toUnsignedString(id));
    }

    static String error(String code, String message) {
        var inner = object().put("code", code).put("message", message);
        return write(object().set("error", inner));
    }

    static ObjectNode procedure(ProcedureReport report) {
        var node = object().put("status", report.status());
        text(node, "error", report.error());
        node.put("procedure_id", report.id().toString()).put("kind", report.kind());
        number(node, "region_id", report.region().map(id -> unsigned(id.value())));
        number(node, "from_peer_id", report.source().map(id -> unsigned(id.value())));
        number(node, "to_peer_id", report.target().map(id -> unsigned(id.value())));
        node.put("stage", report.stage());
        var stages = node.putArray("stages");
        for (var stage : report.stages()) {
            var each = stages.addObject().put("name", stage.name());
            each.put("began", stage.began().toString());
            text(each, "ended", stage.ended().map(Object::toString));
        }
        number(node, "lag_records", report.lagRecords().map(BigInteger::valueOf));
        millis(node, "predicted_gap_ms", report.predictedGap());
        millis(node, "write_gap_ms", report.writeGap());
        if (report.certificate().isPresent()) {
            node.set("certificate", certificate(report.certificate().get()));
        } else {
            node.putNull("certificate");
        }
        return node;
    }

    private static ObjectNode certificate(ProcedureReport.Certificate certificate) {
        var node = object();
        number(node, "source_epoch", certificate.sourceEpoch().map(e -> unsigned(e.value())));
        node.put("target_epoch", certificate.targetEpoch().value());
        node.put("fence_offset", certificate.fence().value());
        node.put("manifest_version", certificate.manifestVersion());
        node.put("manifest_digest", certificate.manifestDigest());
        if (certificate.source().isPresent()) {
            node.set("source", sum(certificate.source().get()));
        } else {
            node.putNull("source");
        }
        node.set("target", sum(certificate.target()));
        node.set(
                "agreed",
                certificate.agreed().<JsonNode>map(NODES::booleanNode).orElseGet(NODES::nullNode));
        node.put("skipped_records", certificate.skipped());
        return node;
    }

    /// Regions that wait and copies that have stopped, and what was given up before.
    static ObjectNode quarantine(List<PoisonReport> poisons, List<PoisonList.GivenUp> givenUp) {
        var node = object();
        var all = node.putArray("quarantine");
        for (var poison : poisons) {
            all.addObject()
                    .put("region_id", unsigned(poison.region().value()))
                    .put("status", poison.waits() ? "QUARANTINED" : "STALLED")
                    .put("partition", poison.wal().toString())
                    .put("offset", poison.offset().value())
                    .put("may_be_skipped", poison.waits() && poison.rows())
                    .put("peer_id", unsigned(poison.peer().value()))
                    .put("reason", poison.reason());
        }
        var lost = node.putArray("given_up");
        for (var region : givenUp) {
            var each = lost.addObject().put("region_id", unsigned(region.region().value()));
            var offsets = each.putArray("offsets");
            region.offsets().forEach(offset -> offsets.add(offset.value()));
        }
        return node;
    }

    private static ObjectNode sum(UnflushedSum sum) {
        return object().put("records", sum.records())
                .put("rows", sum.rows())
                .put("digest", "%016x".formatted(sum.digest()));
    }

    private static void text(ObjectNode node, String name, Optional<String> value) {
        value.ifPresentOrElse(text -> node.put(name, text), () -> node.putNull(name));
    }

    private static void number(ObjectNode node, String name, Optional<BigInteger> value) {
        value.ifPresentOrElse(number -> node.put(name, number), () -> node.putNull(name));
    }

    private static void millis(ObjectNode node, String name, Optional<Duration> value) {
        value.ifPresentOrElse(
                duration -> node.put(name, BigDecimal.valueOf(duration.toNanos() / 1_000, 3)),
                () -> node.putNull(name));
    }

    /// As GreptimeDB has it: a list of the reports of each datanode. Of the fields that it has
    /// there are those that Terrane knows, and no others.
    static ArrayNode heartbeats(List<NodeList.Heard> nodes, Optional<String> address) {
        var all = array();
        for (var heard : nodes) {
            if (address.isEmpty() || address.get().equals(heard.node().rpc().toString())) {
                heartbeat(all.addArray().addObject(), heard);
            }
        }
        return all;
    }

    private static void heartbeat(ObjectNode node, NodeList.Heard heard) {
        node.put("timestamp_millis", heard.seen().at().toEpochMilli());
        node.put("id", unsigned(heard.node().node().peer().value()));
        node.put("addr", heard.node().rpc().toString());
        node.put("region_num", heard.regions().size());
        var stats = node.putArray("region_stats");
        for (var region : heard.regions()) {
            region(stats.addObject(), region);
        }
        node.put("copies", heard.seen().load().regionCount());
        node.put("memtable_size", heard.seen().load().memoryBytes());
        node.put("node_epoch", heard.node().started().toEpochMilli());
    }

    private static void region(ObjectNode node, NodeList.RegionHeard region) {
        node.put("id", unsigned(region.region().value()));
        node.put("role", region.handingOver() ? "DowngradingLeader" : "Leader");
        region.files()
                .ifPresent(files ->
                        node.put("num_rows", files.rowCount())
                                .put("sst_size", files.manifestBytes())
                                .put("flushed_entry_id", files.flushed().value()));
    }

    static ArrayNode leases(List<NodeList.Heard> nodes) {
        var all = array();
        for (var heard : nodes) {
            var node = all.addObject();
            var at = heard.seen().at();
            node.putObject("name").put("node_id", unsigned(heard.node().node().peer().value()));
            node.put("human_time", HUMAN_TIME.format(at));
            node.putObject("lease")
                    .put("timestamp_millis", at.toEpochMilli())
                    .put("node_addr", heard.node().rpc().toString());
        }
        return all;
    }
}
