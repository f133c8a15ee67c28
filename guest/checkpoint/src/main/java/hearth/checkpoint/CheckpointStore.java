package hearth.checkpoint;

import java.io.IOException;
import java.util.Optional;

/// A place where a checkpoint survives the guest. A write replaces the one before, or, cut short, leaves it.
public interface CheckpointStore {
    /// The newest checkpoint that was stored whole; its bytes are still to be judged.
    Optional<byte[]> read() throws IOException;

    /// @throws IOException the store does not take it
    void write(byte[] checkpoint) throws IOException;
}
