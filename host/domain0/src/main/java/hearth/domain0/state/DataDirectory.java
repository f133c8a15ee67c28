package hearth.domain0.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// One host's directory, held by an exclusive lock for as long as the host lives. The kernel drops the lock with the
/// process, so a dead host never has to be cleaned up by hand.
///
/// `disks/` disk and journal files, `logs/` events and the guests' error output, `state/` what outlives the host,
/// `run/` what does not: made anew at every start.
public final class DataDirectory implements AutoCloseable {
    private final Path root;
    private final FileChannel lockFile;

    private DataDirectory(Path root, FileChannel lockFile) {
        this.root = root;
        this.lockFile = lockFile;
    }

    /// Makes the directory where it is missing and takes it. Fails when another host has it.
    public static DataDirectory lock(Path path) throws DataDirectoryException {
        Path root = path.toAbsolutePath().normalize();
        FileChannel channel = null;
        try {
            for (String folder : List.of("disks", "logs", "state")) {
                Files.createDirectories(root.resolve(folder));
            }
            channel = FileChannel.open(
                    root.resolve("host.lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                String message = root + " is in use by the host with process id " + holder(channel)
                        + "; stop it with: ./hearth down --data " + root;
                channel.close();
                throw new DataDirectoryException(message);
            }
            channel.truncate(0);
            String pid = ProcessHandle.current().pid() + "\n";
            channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
            var directory = new DataDirectory(root, channel);
            directory.makeRun();
            return directory;
        } catch (FileAlreadyExistsException e) {
            throw new DataDirectoryException(e.getFile() + " is in the way: a directory of that name is needed");
        } catch (IOException e) {
            throw new DataDirectoryException("the data directory " + root + " cannot be used: " + e
                    + "; choose another one with --data DIR");
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        var bytes = ByteBuffer.allocate(32);
        int n = channel.read(bytes, 0);
        String pid = n <= 0 ? "" : new String(bytes.array(), 0, n, StandardCharsets.US_ASCII).strip();
        return pid.isEmpty() ? "(not told)" : pid;
    }

    /// What a dead host left in `run/` names processes and ports that are no more.
    private void makeRun() throws IOException {
        if (Files.exists(run())) {
            try (var all = Files.walk(run())) {
                for (Path left : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(left);
                }
            }
        }
        Files.createDirectories(run());
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

    public Path run() {
        return root.resolve("run");
    }

    /// The bytes of state file `name`, if there is one.
    public Optional<byte[]> readState(String name) throws IOException {
        Path file = root.resolve("state").resolve(name);
        return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    }

    /// Replaces state file `name`: written aside, flushed, moved into place, and the directory flushed, so that a death
    /// or a power loss anywhere leaves the old file or the new one.
    public void writeState(String name, byte[] bytes) throws IOException {
        Path folder = root.resolve("state");
        Path aside = folder.resolve(name + ".new");
        try (var out = FileChannel.open(
                aside, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            var buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
            out.force(true);
        }
        Files.move(aside, folder.resolve(name), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        syncFolder(folder);
    }

    /// Makes names in `folder` durable.
    public static void syncFolder(Path folder) throws IOException {
        try (var directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /// Gives the directory up; `run/` goes with the host.
    @Override
    public void close() throws IOException {
        try (var all = Files.walk(run())) {
            for (Path left : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(left);
            }
        }
        lockFile.close();
    }
}
