package hearth.domain0.net;

import java.io.IOException;

/// An address cannot be listened on: taken, forbidden, or not this machine's.
public final class ListenException extends IOException {
    private static final long serialVersionUID = 1L;

    public ListenException(String message, Throwable cause) {
        super(message, cause);
    }
}
