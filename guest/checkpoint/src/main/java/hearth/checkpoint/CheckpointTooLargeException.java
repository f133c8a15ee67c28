package hearth.checkpoint;

import java.io.IOException;

/// A checkpoint does not fit its store; the one before stays, and is stale.
public final class CheckpointTooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    CheckpointTooLargeException(int neededBytes, int capacityBytes) {
        super("boot checkpoint needs " + neededBytes + " bytes, the store has " + capacityBytes);
    }
}
