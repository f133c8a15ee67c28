package hearth.dmodule.filesystem.operation;

import hearth.cf.CfStatus;

/// A plan found that the answer is a failure. Stops the planning; becomes a `Failed` reply with the attributes that go
/// with it. Has no stack trace: it is an answer.
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final CfStatus status;

    Refusal(CfStatus status) {
        super(status.name(), null, false, false);
        this.status = status;
    }

    CfStatus status() {
        return status;
    }

    /// Refuses unless `holds`.
    static void unless(boolean holds, CfStatus status) throws Refusal {
        if (!holds) {
            throw new Refusal(status);
        }
    }
}
