package hearth.cf;

import java.util.List;
import java.util.Optional;

/// One answer. Replies to mutations encode to at most `MUTATION_MAX_BYTES`, because they stand in the log record and
/// in the duplicate-request table.
public sealed interface CfReply {
    int MUTATION_MAX_BYTES = 512;

    default CfStatus status() {
        return CfStatus.OK;
    }

    /// Not done. `first` and `second` are what RFC 1813 wants beside the error: the object or directory, and for
    /// RENAME the second directory (for LINK: `first` is the directory, `second.after` the file's attributes).
    record Failed(CfStatus status, Wcc first, Wcc second) implements CfReply {
        public static Failed of(CfStatus status) {
            return new Failed(status, Wcc.UNKNOWN, Wcc.UNKNOWN);
        }
    }

    /// The same call is still running, or the server cannot answer without risk of a second effect: no answer is sent.
    record Dropped() implements CfReply {}

    record AttributesOf(Attributes attributes) implements CfReply {}

    record Found(FileHandle file, Attributes attributes, Attributes directory) implements CfReply {}

    record Granted(Attributes attributes, int mask) implements CfReply {}

    record LinkText(Attributes attributes, byte[] target) implements CfReply {}

    /// `countBytes` bytes stand in the segment given with the call.
    record Data(Attributes attributes, int countBytes, boolean endOfFile) implements CfReply {}

    record Entries(Attributes directory, long cookieVerifier, List<Entry> entries, boolean endOfDirectory)
            implements CfReply {
        public Entries {
            entries = List.copyOf(entries);
        }
    }

    /// One directory entry; `.` and `..` are among them. The two optionals are there when attributes were asked for.
    record Entry(long fileId, Name name, long cookie, Optional<Attributes> attributes, Optional<FileHandle> file) {}

    record Statistics(
            Attributes attributes,
            long totalBytes,
            long freeBytes,
            long availableBytes,
            long totalFiles,
            long freeFiles,
            long fileSizeMaxBytes,
            int linkCountMax)
            implements CfReply {}

    record Committed(Wcc file, long verifier) implements CfReply {}

    record Exports(List<Export> exports) implements CfReply {
        public Exports {
            exports = List.copyOf(exports);
        }
    }

    record Changed(Wcc file) implements CfReply {}

    record Written(Wcc file, int countBytes, Stability stability, long verifier) implements CfReply {}

    record Created(FileHandle file, Attributes attributes, Wcc directory) implements CfReply {}

    record Removed(Wcc directory) implements CfReply {}

    record Renamed(Wcc fromDirectory, Wcc toDirectory) implements CfReply {}

    record Linked(Attributes file, Wcc directory) implements CfReply {}
}
