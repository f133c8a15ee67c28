package hearth.domain0.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import hearth.base.posix.Descriptors;
import hearth.base.posix.Errno;
import hearth.base.posix.PosixException;

/// One host's directory, held by an exclusive lock for as long as the host lives. The kernel drops the lock with the
/// process, so a dead host never has to be cleaned up by hand.
///
/// `disks/` disk and journal files, `logs/` events and the guests' error output, `state/` what outlives the host,
/// `run/` what does not: made anew at every start. Whoever can read the directory can read all users' files, so what is
/// made here is its owner's alone.
public final class DataDirectory implements AutoCloseable {
    private static final String LOCK = "host.lock";
    private static final String ASIDE = ".new";
    private static final String OWNER_ONLY = "rwx------";
    private static final int LOCK_MODE = 0600;
    private static final String RUN = "run";
    private static final String STATE = "state";
    /// What the reason of a full disk starts with.
    public static final String NO_SPACE = "No space left on device";

    private final Path root;
    private final int lock;
    private final Optional<String> predecessor;
    private final boolean owned;

    private DataDirectory(Path root, int lock, Optional<String> predecessor, boolean owned) {
        this.root = root;
        this.lock = lock;
        this.predecessor = predecessor;
        this.owned = owned;
    }

    /// Takes what is there to look at it, and makes and removes nothing; empty when no host was ever there. Fails when
    /// a host has it.
    public static Optional<DataDirectory> look(Path path) throws DataDirectoryException {
        Path root = path.toAbsolutePath().normalize();
        if (!Files.exists(root.resolve(LOCK))) {
            return Optional.empty();
        }
        try {
            int lock = Descriptors.open(root.resolve(LOCK), Descriptors.O_RDONLY, 0);
            try {
                if (!Descriptors.lockExclusive(lock)) {
                    throw inUse(root);
                }
                return Optional.of(new DataDirectory(root, lock, Optional.empty(), false));
            } catch (IOException | DataDirectoryException e) {
                Descriptors.close(lock);
                throw e;
            }
        } catch (IOException e) {
            throw new DataDirectoryException("the data directory " + root + " cannot be read: " + reason(e));
        }
    }

    private static DataDirectoryException inUse(Path root) throws IOException {
        return DataDirectoryException.inUse(root + " is in use by the host with process id " + holder(root)
                + address(root) + "; stop it with: ./hearth down --data " + root);
    }

    /// Makes the directory where it is missing and takes it; what a dead host left is removed. Fails when another host
    /// has it. Platform threads only.
    public static DataDirectory lock(Path path) throws DataDirectoryException {
        Path root = path.toAbsolutePath().normalize();
        try {
            for (String folder : List.of("disks", "logs", STATE)) {
                Files.createDirectories(
                        root.resolve(folder),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
            }
            int lock = Descriptors.open(root.resolve(LOCK), Descriptors.O_RDWR | Descriptors.O_CREAT, LOCK_MODE);
            try {
                if (!Descriptors.lockExclusive(lock)) {
                    throw inUse(root);
                }
                var directory = new DataDirectory(root, lock, leftBehind(root), true);
                directory.clean();
                String pid = ProcessHandle.current().pid() + "\n";
                Files.writeString(root.resolve(LOCK), pid, StandardOpenOption.TRUNCATE_EXISTING);
                return directory;
            } catch (IOException | DataDirectoryException e) {
                Descriptors.close(lock);
                throw e;
            }
        } catch (IOException e) {
            String reason = reason(e);
            throw new DataDirectoryException("the data directory " + root + " cannot be used: " + reason + "; "
                    + (reason.startsWith(NO_SPACE) ? "make room there, or choose another one with --data DIR"
                            : "--data DIR chooses another one"));
        }
    }

    /// What went wrong with which file, as people say it.
    public static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "no permission for " + denied.getFile();
            case FileAlreadyExistsException there -> there.getFile() + " is in the way: it is no directory";
            case NotDirectoryException there -> there.getFile() + " is in the way: it is no directory";
            case FileSystemException failed when failed.getReason() != null ->
                failed.getReason() + ": " + failed.getFile();
            case PosixException failed when failed.errno() == Errno.ENOSPC -> NO_SPACE + ": " + failed.getMessage();
            case PosixException failed -> String.valueOf(failed.getMessage());
            default -> e.toString();
        };
    }

    private static String holder(Path root) throws IOException {
        String pid = Files.readString(root.resolve(LOCK), StandardCharsets.US_ASCII).strip();
        return pid.isEmpty() ? "(not told yet)" : pid;
    }

    /// Where the host that has the directory can be asked, if it says so already.
    private static String address(Path root) {
        try {
            String api = Files.readString(root.resolve(RUN).resolve("api.json"));
            int from = api.indexOf("http://");
            int to = api.indexOf('"', Math.max(from, 0));
            return from < 0 || to < 0 ? "" : " at " + api.substring(from, to);
        } catch (IOException e) {
            return "";
        }
    }

    /// The process id of a host that did not end in order.
    private static Optional<String> leftBehind(Path root) throws IOException {
        return Files.exists(root.resolve(RUN)) ? Optional.of(holder(root)) : Optional.empty();
    }

    /// What a dead host left in `run/` names processes and ports that are no more; what it wrote aside never counted.
    private void clean() throws IOException {
        deleteRun();
        try (DirectoryStream<Path> aside = Files.newDirectoryStream(root.resolve(STATE), "*" + ASIDE)) {
            for (Path left : aside) {
                Files.delete(left);
            }
        }
        Files.createDirectory(
                run(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
    }

    private void deleteRun() throws IOException {
        if (!Files.exists(run())) {
            return;
        }
        try (var all = Files.walk(run())) {
            for (Path left : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(left);
            }
        }
    }

    /// The process id of the host before this one, if it died without going down.
    public Optional<String> predecessor() {
        return predecessor;
    }

    public Path root() {
        return root;
    }

    public Path disks() {
        return root.resolve("disks");
    }

    public Path logs() {
        return root.resolve("logs");
    }

    /// What the processes of `controller` write.
    public Path guestLog(String controller) {
        return logs().resolve("guest-" + controller + ".log");
    }

    public Path run() {
        return root.resolve(RUN);
    }

    /// The bytes of state file `name`, if there is one.
    public Optional<byte[]> readState(String name) throws IOException {
        Path file = root.resolve(STATE).resolve(name);
        return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    }

    /// Replaces state file `name`: written aside, flushed, moved into place, and the directory flushed, so that a death
    /// or a power loss anywhere leaves the old file or the new one.
    public void writeState(String name, byte[] bytes) throws IOException {
        Path folder = root.resolve(STATE);
        replace(folder, name, bytes);
        syncFolder(folder);
    }

    /// Puts a file that its owner alone may read into `run/`. A reader sees all of it or none.
    public void writeRun(String name, byte[] bytes) throws IOException {
        replace(run(), name, bytes);
    }

    private static void replace(Path folder, String name, byte[] bytes) throws IOException {
        Path aside = folder.resolve(name + ASIDE);
        Files.deleteIfExists(aside);
        try (var out = FileChannel.open(
                aside,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            var buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
            out.force(true);
        }
        Files.move(aside, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /// Makes names in `folder` durable.
    public static void syncFolder(Path folder) throws IOException {
        try (var directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /// Gives the directory up; `run/` goes with the host, and its absence says that the host went down in order.
    @Override
    public void close() throws IOException {
        try {
            if (owned) {
                deleteRun();
            }
        } finally {
            Descriptors.close(lock);
        }
    }
}
