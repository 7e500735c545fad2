package terrane.fuzz;

/// A reader with a fault that chance does not find, one step behind the other: what shows that the
/// search is guided, and that what it finds fails the build.
public final class Planted {
    private static final byte[] WORD = {'t', 'e', 'r', 'r', 'a'};

    private Planted() {}

    public static void fuzzerTestOneInput(byte[] input) {
        int same = 0;
        while (same < WORD.length && same < input.length && input[same] == WORD[same]) {
            same++;
        }
        if (same == WORD.length) {
            throw new IllegalStateException("found");
        }
    }
}
