package hearth.fuzz;

/// What must hold whatever the input.
final class Property {
    private Property() {}

    static void holds(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }
}
