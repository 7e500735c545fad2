package terrane.core.migration;

import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.core.bytes.Fields;
import terrane.core.migration.MigrationState.CatchingUp;
import terrane.core.migration.MigrationState.Completed;
import terrane.core.migration.MigrationState.Ending;
import terrane.core.migration.MigrationState.HandingOver;
import terrane.core.migration.MigrationState.Opening;
import terrane.core.migration.MigrationState.Reclaiming;
import terrane.core.migration.MigrationState.RolledBack;
import terrane.core.wal.UnflushedSum;

import java.util.Optional;

/// The stored form of plans and states. Tag numbers are never changed and never reused.
public final class MigrationCodec {
    /// What follows at the end of a certificate: both, one or none.
    private static final int AGREED = 1;

    private static final int SKIPPED = 2;

    private MigrationCodec() {}

    public static void state(ByteWriter out, MigrationState state) {
        switch (state) {
            case Opening _ -> out.u8(1);
            case CatchingUp _ -> out.u8(2);
            case HandingOver s -> {
                out.u8(3);
                Fields.node(out, s.source());
                Fields.node(out, s.target());
                Fields.epoch(out, s.next());
            }
            case Reclaiming s -> {
                out.u8(4);
                Fields.node(out, s.claimant());
                Fields.epoch(out, s.epoch());
            }
            case Completed _ -> out.u8(5);
            case RolledBack s -> out.u8(6).string(s.reason()).u8(s.ending().tag());
        }
    }

    public static MigrationState state(ByteReader in) {
        int tag = in.u8();
        return switch (tag) {
            case 1 -> new Opening();
            case 2 -> new CatchingUp();
            case 3 -> new HandingOver(Fields.node(in), Fields.node(in), Fields.epoch(in));
            case 4 -> new Reclaiming(Fields.node(in), Fields.epoch(in));
            case 5 -> new Completed();
            case 6 -> new RolledBack(in.string(), ending(in));
            default -> throw in.corrupt("unknown migration state " + tag);
        };
    }

    private static Ending ending(ByteReader in) {
        return Ending.ofTag(in.u8()).orElseThrow(() -> in.corrupt("unknown ending"));
    }

    public static void plan(ByteWriter out, Plan plan) {
        Fields.region(out, plan.region());
        out.u8(plan.cause().tag()).optional(plan.source(), Fields::peer);
        Fields.peer(out, plan.target());
        limits(out, plan.limits());
        Fields.instant(out, plan.submitted());
    }

    public static Plan plan(ByteReader in) {
        var region = Fields.region(in);
        var cause = Plan.Cause.ofTag(in.u8()).orElseThrow(() -> in.corrupt("unknown cause"));
        var source = in.optional(Fields::peer);
        return new Plan(region, cause, source, Fields.peer(in), limits(in), Fields.instant(in));
    }

    public static void limits(ByteWriter out, Plan.Limits limits) {
        Fields.duration(out, limits.replayTimeout());
        out.optional(limits.maxPause(), Fields::duration).bool(limits.dryRun());
    }

    public static Plan.Limits limits(ByteReader in) {
        return new Plan.Limits(Fields.duration(in), in.optional(Fields::duration), in.bool());
    }

    public static void certificate(ByteWriter out, Certificate certificate) {
        out.optional(certificate.sourceEpoch(), Fields::epoch);
        Fields.epoch(out, certificate.targetEpoch());
        Fields.offset(out, certificate.fence());
        out.varint(certificate.manifestVersion()).string(certificate.manifestDigest());
        out.optional(certificate.source(), (o, sum) -> sum.encode(o));
        certificate.target().encode(out);
        judged(out, certificate);
    }

    /// A tag says which of the two follow, so that what has no count is as it was before there was
    /// one.
    private static void judged(ByteWriter out, Certificate certificate) {
        boolean counts = certificate.skipped() > 0;
        out.u8((certificate.agreed().isPresent() ? AGREED : 0) + (counts ? SKIPPED : 0));
        certificate.agreed().ifPresent(out::bool);
        if (counts) {
            out.varint(certificate.skipped());
        }
    }

    public static Certificate certificate(ByteReader in) {
        var sourceEpoch = in.optional(Fields::epoch);
        var targetEpoch = Fields.epoch(in);
        var fence = Fields.offset(in);
        long manifestVersion = in.varint();
        var manifestDigest = in.string();
        var source = in.optional(UnflushedSum::decode);
        var target = UnflushedSum.decode(in);
        int tag = in.u8();
        if (tag > AGREED + SKIPPED) {
            throw in.corrupt("unknown tag " + tag);
        }
        return new Certificate(
                sourceEpoch,
                targetEpoch,
                fence,
                manifestVersion,
                manifestDigest,
                source,
                target,
                (tag & AGREED) == 0 ? Optional.empty() : Optional.of(in.bool()),
                (tag & SKIPPED) == 0 ? 0 : in.varint());
    }
}
