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

    record GetAttributes(FileHandle file) implements CfRequest {}

    record Lookup(FileHandle directory, Name name) implements CfRequest {}

    /// `mask` has the ACCESS bits of RFC 1813 §3.3.4.
    record Access(FileHandle file, int mask) implements CfRequest {}

    record ReadLink(FileHandle file) implements CfRequest {}

    record Read(FileHandle file, long offset, int countBytes) implements CfRequest {}

    /// `cookie` 0 starts; `countMax` bounds the entries; the reply ends early rather than exceed `sizeMaxBytes` of
    /// names plus 24 bytes each (plus 120 each `withAttributes`).
    record ReadDirectory(
            FileHandle directory,
            long cookie,
            long cookieVerifier,
            int countMax,
            int sizeMaxBytes,
            boolean withAttributes)
            implements CfRequest {}

    record FileSystemStatistics(FileHandle file) implements CfRequest {}

    /// Waits until the log's tail at its arrival is stable.
    record Commit(FileHandle file, long offset, int countBytes) implements CfRequest {}

    record ListExports() implements CfRequest {}

    /// `guardChangeTimeNs`: fail with NOT_SYNCHRONIZED unless the change time is this one.
    record Change(FileHandle file, SetAttributes change, OptionalLong guardChangeTimeNs) implements Mutation {}

    record Write(FileHandle file, long offset, int countBytes, Stability stability) implements Mutation {}

    record Create(FileHandle directory, Name name, How how, SetAttributes attributes, long verifier)
            implements Mutation {
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

    record MakeDirectory(FileHandle directory, Name name, SetAttributes attributes) implements Mutation {}

    record SymbolicLink(FileHandle directory, Name name, SetAttributes attributes, byte[] target)
            implements Mutation {}

    record MakeNode(
            FileHandle directory, Name name, FileType type, SetAttributes attributes, int major, int minor)
            implements Mutation {}

    record Remove(FileHandle directory, Name name) implements Mutation {}

    record RemoveDirectory(FileHandle directory, Name name) implements Mutation {}

    record Rename(FileHandle fromDirectory, Name fromName, FileHandle toDirectory, Name toName)
            implements Mutation {}

    record Link(FileHandle file, FileHandle directory, Name name) implements Mutation {}

    /// For messages and counters: the record's simple name.
    default String verb() {
        return getClass().getSimpleName();
    }

    /// The first handle of the call, by which the volume and its export are found.
    static Optional<FileHandle> handleOf(CfRequest request) {
        return switch (request) {
            case GetAttributes r -> Optional.of(r.file());
            case Lookup r -> Optional.of(r.directory());
            case Access r -> Optional.of(r.file());
            case ReadLink r -> Optional.of(r.file());
            case Read r -> Optional.of(r.file());
            case ReadDirectory r -> Optional.of(r.directory());
            case FileSystemStatistics r -> Optional.of(r.file());
            case Commit r -> Optional.of(r.file());
            case ListExports _ -> Optional.empty();
            case Change r -> Optional.of(r.file());
            case Write r -> Optional.of(r.file());
            case Create r -> Optional.of(r.directory());
            case MakeDirectory r -> Optional.of(r.directory());
            case SymbolicLink r -> Optional.of(r.directory());
            case MakeNode r -> Optional.of(r.directory());
            case Remove r -> Optional.of(r.directory());
            case RemoveDirectory r -> Optional.of(r.directory());
            case Rename r -> Optional.of(r.fromDirectory());
            case Link r -> Optional.of(r.file());
        };
    }
}
