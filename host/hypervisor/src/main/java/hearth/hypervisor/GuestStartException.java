package hearth.hypervisor;

import java.io.IOException;

/// A guest, or the driver that starts guests, could not be started.
public final class GuestStartException extends IOException {
    private static final long serialVersionUID = 1L;

    GuestStartException(String what, Throwable cause) {
        super(what + ": " + cause.getMessage(), cause);
    }

    GuestStartException(String what) {
        super(what);
    }
}
