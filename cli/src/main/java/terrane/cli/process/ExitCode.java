package terrane.cli.process;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;

/// What scripts learn of a command's end.
public final class ExitCode {
    public static final int OK = 0;

    /// It was tried and did not work out.
    public static final int FAILED = 1;

    /// The command line or a setting is wrong; nothing was tried.
    public static final int USAGE = 2;

    /// Nobody answers, or not now; to be tried again.
    public static final int UNAVAILABLE = 3;

    /// Ctrl-C.
    public static final int INTERRUPTED = 130;

    /// As every command's help shows them.
    public static final String HELP =
            "Exit codes: 0 done, 1 failed, 2 wrong usage or setting, 3 nobody answers, 130"
                    + " interrupted.";

    private ExitCode() {}

    public static int of(TerraneException e) {
        return switch (e) {
            case TerraneException.Rejected _ ->
                    e.code() == ErrorCode.INVALID_ARGUMENT ? USAGE : FAILED;
            case TerraneException.NotLeader _, TerraneException.Unavailable _ -> UNAVAILABLE;
            case TerraneException.Uncertain _, TerraneException.Corrupt _ -> FAILED;
        };
    }
}
