package terrane.sim.mutation;

/// Which mutation is on. Woven code asks for its own number, and goes its usual way unless that is
/// the one.
public final class Active {
    /// None is on.
    static final int NONE = -1;

    private static int number = NONE;
    private static long reached;

    private Active() {}

    static void turn(int to) {
        number = to;
        reached = 0;
        Substitutes.forget();
    }

    /// Called by woven code.
    public static boolean is(int asked) {
        if (asked != number) {
            return false;
        }
        reached++;
        return true;
    }

    /// How often woven code went the other way.
    static long reached() {
        return reached;
    }
}
