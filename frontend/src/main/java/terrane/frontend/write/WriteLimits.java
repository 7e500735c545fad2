package terrane.frontend.write;

import java.time.Duration;

/// What the writes of one frontend may take.
///
/// @param deadline for one request, holds and retries included
/// @param heldBytesMax of all requests that are not answered yet, bodies and records together
/// @param regionHeldBytesMax of the records of one region that are not acknowledged yet
public record WriteLimits(Duration deadline, long heldBytesMax, long regionHeldBytesMax) {
    /// 30 s are longer than any handover or failover; 256 MiB are 2.5 million rows of the TSBS
    /// shape, seconds of what a datanode takes; a quarter of them for one region, so that one that
    /// stands still leaves room for the others.
    public static final WriteLimits DEFAULT =
            new WriteLimits(Duration.ofSeconds(30), 256L << 20, 64L << 20);
}
