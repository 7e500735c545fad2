package terrane.core.bytes;

import terrane.core.Address;
import terrane.core.Epoch;
import terrane.core.Incarnation;
import terrane.core.LeaderHint;
import terrane.core.Node;
import terrane.core.PeerId;
import terrane.core.ProcedureId;
import terrane.core.RegionId;
import terrane.core.TableId;
import terrane.core.WalOffset;
import terrane.core.WalPartition;

import java.time.Duration;
import java.time.Instant;

/// How the words of [terrane.core] are written, each once. Ids that are random or unsigned take
/// their full width; positions and epochs are varints.
public final class Fields {
    private Fields() {}

    public static void region(ByteWriter out, RegionId id) {
        out.i64(id.value());
    }

    public static RegionId region(ByteReader in) {
        return new RegionId(in.i64());
    }

    public static void table(ByteWriter out, TableId id) {
        out.i32(id.value());
    }

    public static TableId table(ByteReader in) {
        return new TableId(in.i32());
    }

    public static void peer(ByteWriter out, PeerId id) {
        out.varint(id.value());
    }

    public static PeerId peer(ByteReader in) {
        return new PeerId(in.varint());
    }

    public static void incarnation(ByteWriter out, Incarnation incarnation) {
        out.i64(incarnation.high()).i64(incarnation.low());
    }

    public static Incarnation incarnation(ByteReader in) {
        return new Incarnation(in.i64(), in.i64());
    }

    public static void node(ByteWriter out, Node node) {
        peer(out, node.peer());
        incarnation(out, node.incarnation());
    }

    public static Node node(ByteReader in) {
        return new Node(peer(in), incarnation(in));
    }

    public static void epoch(ByteWriter out, Epoch epoch) {
        out.varint(epoch.value());
    }

    public static Epoch epoch(ByteReader in) {
        return new Epoch(nonNegative(in));
    }

    public static void offset(ByteWriter out, WalOffset offset) {
        out.varint(offset.value());
    }

    public static WalOffset offset(ByteReader in) {
        return new WalOffset(nonNegative(in));
    }

    private static long nonNegative(ByteReader in) {
        long value = in.varint();
        if (value < 0) {
            throw in.corrupt("number above 2^63");
        }
        return value;
    }

    public static void partition(ByteWriter out, WalPartition partition) {
        out.string(partition.topic()).varint(partition.partition());
    }

    public static WalPartition partition(ByteReader in) {
        return new WalPartition(in.string(), in.varint32());
    }

    public static void procedure(ByteWriter out, ProcedureId id) {
        out.uuid(id.value());
    }

    public static ProcedureId procedure(ByteReader in) {
        return new ProcedureId(in.uuid());
    }

    public static void address(ByteWriter out, Address address) {
        out.string(address.host()).varint(address.port());
    }

    public static Address address(ByteReader in) {
        String host = in.string();
        int port = in.varint32();
        if (host.isBlank() || port > 65535) {
            throw in.corrupt("address is " + host + ":" + port);
        }
        return new Address(host, port);
    }

    public static void hint(ByteWriter out, LeaderHint hint) {
        region(out, hint.region());
        epoch(out, hint.epoch());
        node(out, hint.leader());
        address(out, hint.address());
    }

    public static LeaderHint hint(ByteReader in) {
        return new LeaderHint(region(in), epoch(in), node(in), address(in));
    }

    public static void duration(ByteWriter out, Duration duration) {
        out.signed(duration.toNanos());
    }

    public static Duration duration(ByteReader in) {
        return Duration.ofNanos(in.signed());
    }

    /// To the millisecond.
    public static void instant(ByteWriter out, Instant instant) {
        out.signed(instant.toEpochMilli());
    }

    public static Instant instant(ByteReader in) {
        return Instant.ofEpochMilli(in.signed());
    }
}
