package hearth.dmodule.nvlog;

import java.io.IOException;
import java.util.Optional;

/// Where a record comes from that is damaged in the region but was flushed: domain 0, which reads the journal. Asked by
/// the thread that replays; may block.
public interface FlushedRecords {
    /// There is no journal to ask.
    FlushedRecords NONE = new FlushedRecords() {
        @Override
        public Optional<byte[]> fetch(long lsn) {
            return Optional.empty();
        }
    };

    /// The whole record as it stood in the log; empty when the journal does not have it. The caller judges the bytes.
    ///
    /// @throws IOException domain 0 does not answer any more
    Optional<byte[]> fetch(long lsn) throws IOException;
}
