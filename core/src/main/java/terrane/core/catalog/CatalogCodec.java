package terrane.core.catalog;

import terrane.core.ClusterId;
import terrane.core.ProcedureId;
import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.core.bytes.Fields;

import java.util.Map;

/// The stored form of a whole catalog: what a snapshot of the metasrv's log holds.
final class CatalogCodec {
    /// The second form ends with what is cancelled. A catalog without that is written in the first,
    /// so that what an older member can read it can.
    private static final int FORM = 2;

    private CatalogCodec() {}

    static void encode(Catalog catalog, ByteWriter out) {
        out.u8(catalog.cancelled.isEmpty() ? 1 : FORM);
        out.optional(catalog.cluster, (o, id) -> o.uuid(id.value()));
        Fields.table(out, catalog.nextTable);
        out.varint(catalog.version).varint(catalog.droppedFloor);
        Fields.duration(out, catalog.longestLease);
        out.list(catalog.walPartitions, Fields::partition).varint(catalog.nextWal);
        out.list(catalog.tables.values(), CatalogCodec::table);
        out.list(catalog.regions.values(), CatalogCodec::region);
        out.list(catalog.nodes.values(), CatalogCodec::node);
        out.list(catalog.procedures.values(), ProcedureCodec::procedure);
        out.list(catalog.requests.entrySet(), CatalogCodec::request);
        out.list(catalog.pins.entrySet(), CatalogCodec::pin);
        out.list(
                catalog.dropped.entrySet(),
                (o, entry) -> Fields.table(o.varint(entry.getKey()), entry.getValue()));
        if (!catalog.cancelled.isEmpty()) {
            out.list(catalog.cancelled, Fields::procedure);
        }
    }

    static Catalog decode(ByteReader in) {
        int form = in.version(FORM, "catalog");
        var catalog = new Catalog();
        catalog.cluster = in.optional(each -> new ClusterId(each.uuid()));
        catalog.nextTable = Fields.table(in);
        catalog.version = in.varint();
        catalog.droppedFloor = in.varint();
        catalog.longestLease = Fields.duration(in);
        catalog.walPartitions = in.list(Fields::partition);
        catalog.nextWal = in.varint32();
        for (var table : in.list(CatalogCodec::table)) {
            catalog.tables.put(table.table().id(), table);
            catalog.names.put(table.table().name(), table.table().id());
        }
        in.list(CatalogCodec::region).forEach(each -> catalog.regions.put(each.id(), each));
        in.list(CatalogCodec::node).forEach(each -> catalog.nodes.put(each.node().peer(), each));
        in.list(ProcedureCodec::procedure).forEach(each -> catalog.procedures.put(each.id(), each));
        in.list(each -> Map.entry(each.string(), Fields.procedure(each)))
                .forEach(each -> catalog.requests.put(each.getKey(), each.getValue()));
        in.list(each -> Map.entry(Fields.procedure(each), pin(each)))
                .forEach(each -> catalog.pins.put(each.getKey(), each.getValue()));
        in.list(each -> Map.entry(each.varint(), Fields.table(each)))
                .forEach(each -> catalog.dropped.put(each.getKey(), each.getValue()));
        if (form > 1) {
            catalog.cancelled.addAll(in.list(Fields::procedure));
        }
        return catalog;
    }

    private static void table(ByteWriter out, TableRecord record) {
        TableCodec.table(out, record.table());
        out.varint(record.routeVersion()).varint(record.changedAt());
    }

    private static TableRecord table(ByteReader in) {
        return new TableRecord(TableCodec.table(in), in.varint(), in.varint());
    }

    static void region(ByteWriter out, RegionRecord region) {
        Fields.region(out, region.id());
        Fields.partition(out, region.wal());
        leadership(out, region.leadership());
        Fields.epoch(out, region.lastEpoch());
        out.optional(region.procedure(), Fields::procedure);
        Fields.offset(out, region.flushed());
    }

    static RegionRecord region(ByteReader in) {
        return new RegionRecord(
                Fields.region(in),
                Fields.partition(in),
                leadership(in),
                Fields.epoch(in),
                in.optional(Fields::procedure),
                Fields.offset(in));
    }

    private static void leadership(ByteWriter out, Leadership leadership) {
        switch (leadership) {
            case Leadership.Led led -> {
                Fields.node(out.u8(1), led.leader());
                Fields.epoch(out, led.epoch());
            }
            case Leadership.HandingOver h -> {
                Fields.node(out.u8(2), h.source());
                Fields.epoch(out, h.epoch());
                Fields.node(out, h.target());
                Fields.epoch(out, h.next());
            }
            case Leadership.Reclaiming r -> {
                Fields.node(out.u8(3), r.claimant());
                Fields.epoch(out, r.epoch());
            }
        }
    }

    private static Leadership leadership(ByteReader in) {
        int tag = in.u8();
        return switch (tag) {
            case 1 -> new Leadership.Led(Fields.node(in), Fields.epoch(in));
            case 2 ->
                    new Leadership.HandingOver(
                            Fields.node(in), Fields.epoch(in), Fields.node(in), Fields.epoch(in));
            case 3 -> new Leadership.Reclaiming(Fields.node(in), Fields.epoch(in));
            default -> throw in.corrupt("unknown leadership " + tag);
        };
    }

    private static void node(ByteWriter out, NodeRecord record) {
        Fields.node(out, record.node());
        Fields.address(out, record.rpc());
        Fields.address(out, record.http());
        out.string(record.version());
        Fields.instant(out, record.started());
        out.bool(record.storageProven()).bool(record.left());
        out.list(record.superseded(), Fields::incarnation);
    }

    private static NodeRecord node(ByteReader in) {
        return new NodeRecord(
                Fields.node(in),
                Fields.address(in),
                Fields.address(in),
                in.string(),
                Fields.instant(in),
                in.bool(),
                in.bool(),
                in.list(Fields::incarnation));
    }

    private static void request(ByteWriter out, Map.Entry<String, ProcedureId> entry) {
        Fields.procedure(out.string(entry.getKey()), entry.getValue());
    }

    private static void pin(ByteWriter out, Map.Entry<ProcedureId, PrunePin> entry) {
        Fields.procedure(out, entry.getKey());
        Fields.region(out, entry.getValue().region());
        Fields.partition(out, entry.getValue().wal());
        Fields.offset(out, entry.getValue().offset());
    }

    private static PrunePin pin(ByteReader in) {
        return new PrunePin(Fields.region(in), Fields.partition(in), Fields.offset(in));
    }
}
