package hearth.base;

/// Invariants that stay on in production. A failed check is a bug, never an answer: the guest that meets one
/// halts at once and its successor starts from what the region holds.
public final class Check {
    private Check() {}

    /// A broken invariant. Nothing catches it but the thread's last handler, which halts the process.
    public static final class Failed extends Error {
        private static final long serialVersionUID = 1L;

        Failed(String message) {
            super(message);
        }
    }

    /// Throws `Failed` with `what` unless `holds`.
    public static void that(boolean holds, String what) {
        if (!holds) {
            throw new Failed(what);
        }
    }

    /// The same with one number that helps to understand the failure; formats only when it fails.
    public static void that(boolean holds, String what, long number) {
        if (!holds) {
            throw new Failed(what + ": " + number);
        }
    }

    /// The same with two numbers.
    public static void that(boolean holds, String what, long first, long second) {
        if (!holds) {
            throw new Failed(what + ": " + first + ", " + second);
        }
    }

    /// An error to throw where the compiler needs to see that no path goes on.
    public static Failed failed(String what) {
        return new Failed(what);
    }
}
