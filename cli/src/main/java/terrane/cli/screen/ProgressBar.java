package terrane.cli.screen;

/// A bar of a fixed width.
public final class ProgressBar {
    private static final int WIDTH = 24;

    private ProgressBar() {}

    /// @param share of what there is to do, from 0 to 1; more or less counts as the nearest
    public static String draw(double share) {
        int full = (int) Math.round(Math.clamp(share, 0, 1) * WIDTH);
        return "[" + "#".repeat(full) + ".".repeat(WIDTH - full) + "]";
    }
}
