package terrane.fuzz;

/// What Jazzer calls with every input; the property `terrane.fuzz.target` names the target.
public final class EntryPoint {
    static final String PROPERTY = "terrane.fuzz.target";

    private static final Target TARGET = Target.valueOf(System.getProperty(PROPERTY, ""));

    private EntryPoint() {}

    public static void fuzzerTestOneInput(byte[] input) {
        TARGET.search(input);
    }
}
