package hearth.dmodule.nvlog;

import java.io.IOException;
import java.util.Optional;

import hearth.memory.log.LogRecord;

/// Applies records in LSN order.
public interface Replayer {
    /// Why the record cannot be applied, asked before anything of it is: its payload does not have the checksums that
    /// its effect names. Empty when it is good.
    default Optional<String> complaint(Position position, LogRecord record) {
        return Optional.empty();
    }

    /// Applies the record, as if it had just been appended, and indexes it.
    ///
    /// @throws IOException a disk that is needed does not answer; the replay ends there
    void replay(Position position, LogRecord record) throws IOException;
}
