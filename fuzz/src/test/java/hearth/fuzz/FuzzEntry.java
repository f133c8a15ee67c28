package hearth.fuzz;

/// What Jazzer calls, in a JVM of its own.
public final class FuzzEntry {
    private static Target target;
    private static boolean planted;

    private FuzzEntry() {}

    /// Arguments: the target's name, and `planted` for its twin.
    public static void fuzzerInitialize(String[] arguments) {
        target = Targets.make(arguments[0]);
        planted = arguments.length > 1 && arguments[1].equals("planted");
    }

    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        if (planted) {
            target.acceptPlanted(input);
        } else {
            target.accept(input);
        }
    }

    public static void fuzzerTearDown() {
        target.close();
    }
}
