package hearth.stress;

/// Between the two steps that a planted bug has in the wrong order: on a busy machine two threads rarely run at once.
final class Pauses {
    private static final int SPINS = 40;

    private Pauses() {}

    static void some() {
        for (int i = 0; i < SPINS; i++) {
            Thread.onSpinWait();
        }
    }
}
