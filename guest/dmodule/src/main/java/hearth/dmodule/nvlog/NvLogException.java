package hearth.dmodule.nvlog;

import java.io.IOException;

/// The log area's header is not what the region's geometry describes: no record in it can be trusted or found.
public final class NvLogException extends IOException {
    private static final long serialVersionUID = 1L;

    NvLogException(String complaint) {
        super("NVLOG: " + complaint);
    }
}
