package terrane.core;

/// Checks of our own code that are always on. A violation is a bug, never a consequence of input.
public final class Invariant {
    private Invariant() {}

    /// Thrown when our own code is wrong; the process that sees it must stop.
    public static final class Violated extends Error {
        private static final long serialVersionUID = 1L;

        Violated(String message) {
            super(message);
        }
    }

    /// @throws Violated if `holds` is false
    public static void check(boolean holds, String format, Object... args) {
        if (!holds) {
            throw new Violated(format.formatted(args));
        }
    }
}
