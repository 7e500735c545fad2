package terrane.fuzz;

import terrane.core.TerraneException;
import terrane.frontend.http.BodyTarget;
import terrane.metasrv.admin.AdminTarget;
import terrane.wire.rpc.FrameTarget;

import java.lang.management.ManagementFactory;
import java.util.Locale;

/// What is fuzzed: a reader of bytes, and how much memory it may take for an input.
///
/// The bound is `constant + factor × length`. The constants leave room for what a reader makes
/// whatever it is given; the factors are some three times the most that was seen.
public enum Target {
    /// A column of 1,024 rows takes 8 KiB however few bytes its line had, so the factor is that of
    /// [#LINE_PROTOCOL]'s cell budget rather than of its text.
    LINE_PROTOCOL(4_096),
    SQL(4_096),
    DURATION(256),
    ADMIN(256),
    BODY(4_096),
    WAL(256),
    ROWS(256),
    MANIFEST(256),
    CHANGE(256),
    FRAME(256);

    /// 4 MiB, whatever the input: what a reader makes before it has looked at any of it.
    private static final long CONSTANT_BYTES = 4L << 20;

    /// An input of 254 bytes took 59 KB without the agent and 6.1 MB with it.
    private static final int AGENT_FACTOR = 128;

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final int factor;

    Target(int factor) {
        this.factor = factor;
    }

    /// Reads an input, and throws an [AssertionError] if what was read is not what it must be.
    interface Reader {
        void read(byte[] input);
    }

    private Reader reader() {
        return switch (this) {
            case LINE_PROTOCOL -> LineProtocol::read;
            case SQL -> Statements::read;
            case DURATION -> DurationText::read;
            case ADMIN -> AdminTarget::read;
            case BODY -> BodyTarget::read;
            case WAL -> StoredForms::wal;
            case ROWS -> StoredForms::rows;
            case MANIFEST -> StoredForms::manifest;
            case CHANGE -> StoredForms::change;
            case FRAME -> FrameTarget::read;
        };
    }

    /// The folder of its inputs, below `fuzz/inputs`.
    String folder() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Passes if all holds that must hold of any input.
    ///
    /// @return how many bytes were allocated meanwhile
    long check(byte[] input) {
        return check(reader(), most(input), input);
    }

    /// As [#check], in a JVM whose classes Jazzer has instrumented: its hooks allocate, for each
    /// comparison of texts, many times what is compared.
    void search(byte[] input) {
        check(reader(), AGENT_FACTOR * most(input), input);
    }

    private long most(byte[] input) {
        return CONSTANT_BYTES + (long) factor * input.length;
    }

    static long check(Reader reader, long most, byte[] input) {
        long allocated = read(reader, input);
        if (allocated > most) {
            // The first time classes may have been loaded, which takes tens of megabytes.
            allocated = read(reader, input);
        }
        if (allocated > most) {
            throw new AssertionError(
                    "%d bytes were allocated for an input of %d, at most %d"
                            .formatted(allocated, input.length, most));
        }
        return allocated;
    }

    private static long read(Reader reader, byte[] input) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            reader.read(input);
        } catch (TerraneException refused) {
            checkRefusal(refused);
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    private static void checkRefusal(TerraneException refused) {
        switch (refused) {
            case TerraneException.Rejected _, TerraneException.Corrupt _ -> {}
            case TerraneException.NotLeader _,
                    TerraneException.Unavailable _,
                    TerraneException.Uncertain _ ->
                    throw new AssertionError("bytes alone are no reason for this", refused);
        }
        if (refused.text().isBlank()) {
            throw new AssertionError("a refusal says why", refused);
        }
    }
}
