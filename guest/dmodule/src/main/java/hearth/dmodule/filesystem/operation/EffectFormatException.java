package hearth.dmodule.filesystem.operation;

import java.io.IOException;

/// A log record's effect does not parse: damage that its checksum did not show, or a version of another program.
public final class EffectFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    EffectFormatException(String what) {
        super(what);
    }
}
