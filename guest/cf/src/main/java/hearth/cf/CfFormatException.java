package hearth.cf;

import java.io.IOException;

/// Bytes that are not a CF message of this version: cut short, damaged, or written by something newer.
public final class CfFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    CfFormatException(String message) {
        super(message);
    }
}
