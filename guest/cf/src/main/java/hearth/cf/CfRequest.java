package hearth.cf;

import java.util.Optional;
import java.util.OptionalLong;

/// One call. The payload of a write and the room for a read's data travel beside the message (`CfService.call`), so
/// that a local call copies them once.
public sealed interface CfRequest {
    /// Whether the call changes something, and so passes the duplicate-request table.
    default boolean mutates() {
        return false;
    }

    /// A call that changes something.
    sealed interface Mutation extends CfRequest {
        @Override
        default boolean mutates() {
            return true;
        }
    }

    record GetAttributes(FileHandle file) implements CfRequest, OfFile {}

    record Lookup(FileHandle directory, Name name) implements CfRequest, InDirectory {}

    /// `mask` has the ACCESS bits of RFC 1813 §3.3.4.
    record Access(FileHandle file, int mask) implements CfRequest, OfFile {}

    record ReadLink(FileHandle file) implements CfRequest, OfFile {}

    record Read(FileHandle file, long offset, int countBytes) implements CfRequest, OfFile {}

    /// `cookie` 0 starts; `countMax` bounds the entries; the reply ends early rather than exceed `sizeMaxBytes` of
    /// names plus 24 bytes each (plus 120 each `withAttributes`).
    record ReadDirectory(
            FileHandle directory,
            long cookie,
            long cookieVerifier,
            int countMax,
            int sizeMaxBytes,
            boolean withAttributes)
            implements CfRequest, InDirectory {}

    record FileSystemStatistics(FileHandle file) implements CfRequest, OfFile {}

    /// Waits until the log's tail at its arrival is stable.
    record Commit(FileHandle file, long offset, int countBytes) implements CfRequest, OfFile {}

    record ListExports() implements CfRequest {}

    /// `guardChangeTimeNs`: fail with NOT_SYNCHRONIZED unless the change time is this one.
    record Change(FileHandle file, SetAttributes change, OptionalLong guardChangeTimeNs) implements Mutation, OfFile {}

    record Write(FileHandle file, long offset, int countBytes, Stability stability) implements Mutation, OfFile {}

    record Create(FileHandle directory, Name name, How how, SetAttributes attributes, long verifier)
            implements Mutation, InDirectory {
        public enum How {
            UNCHECKED(0),
            GUARDED(1),
            EXCLUSIVE(2);

            private final int code;

            How(int code) {
                this.code = code;
            }

            public int code() {
                return code;
            }
        }
    }

    record MakeDirectory(FileHandle directory, Name name, SetAttributes attributes) implements Mutation, InDirectory {}

    record SymbolicLink(FileHandle directory, Name name, SetAttributes attributes, byte[] target)
            implements Mutation, InDirectory {}

    record MakeNode(
            FileHandle directory, Name name, FileType type, SetAttributes attributes, int major, int minor)
            implements Mutation, InDirectory {}

    record Remove(FileHandle directory, Name name) implements Mutation, InDirectory {}

    record RemoveDirectory(FileHandle directory, Name name) implements Mutation, InDirectory {}

    record Rename(FileHandle fromDirectory, Name fromName, FileHandle toDirectory, Name toName)
            implements Mutation {}

    record Link(FileHandle file, FileHandle directory, Name name) implements Mutation, OfFile {}

    /// For messages and counters: the record's simple name.
    default String verb() {
        return getClass().getSimpleName();
    }

    /// A call about one file.
    interface OfFile {
        FileHandle file();
    }

    /// A call about a name in a directory, or its names.
    interface InDirectory {
        FileHandle directory();
    }

    /// The first handle of the call, by which the volume and its export are found.
    static Optional<FileHandle> handleOf(CfRequest request) {
        if (request instanceof OfFile call) {
            return Optional.of(call.file());
        }
        if (request instanceof InDirectory call) {
            return Optional.of(call.directory());
        }
        return request instanceof Rename rename ? Optional.of(rename.fromDirectory()) : Optional.empty();
    }
}
