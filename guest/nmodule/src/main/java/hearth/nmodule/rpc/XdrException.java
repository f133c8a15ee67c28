package hearth.nmodule.rpc;

import java.io.IOException;

/// Bytes that are not what the protocol's description says: answered GARBAGE_ARGS.
public final class XdrException extends IOException {
    private static final long serialVersionUID = 1L;

    public XdrException(String message) {
        super(message);
    }
}
