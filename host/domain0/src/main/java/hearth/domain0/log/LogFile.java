package hearth.domain0.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

import hearth.domain0.config.LogsConfig;

/// One log file and its old ones. One thread moves it on at a time.
public final class LogFile {
    private static final String OWNER_ONLY = "rw-------";

    private final Path path;
    private final LogsConfig limits;

    public LogFile(Path path, LogsConfig limits) {
        this.path = path;
        this.limits = limits;
    }

    /// Whether the file is longer than it may be.
    public boolean isFull() throws IOException {
        return Files.exists(path) && Files.size(path) > limits.sizeBytes();
    }

    /// Makes the file the newest old one. For its only writer, who closes it before and makes it again.
    public void moveOn() throws IOException {
        makeRoom();
        if (limits.kept() == 0) {
            Files.deleteIfExists(path);
        } else {
            Files.move(path, old(1), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /// Copies the file to the newest old one and empties it, while somebody else has it open to append: a process's
    /// standard output cannot be moved. What is written between the last byte copied and the emptying is lost, a few
    /// microseconds' worth. The disk being full, the copy is given up, and the file itself only when it is twice as
    /// long as it may be: a log must not fill a disk.
    public void copyOn() throws IOException {
        makeRoom();
        try (var file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            try {
                if (limits.kept() > 0) {
                    copy(file);
                }
            } catch (IOException e) {
                Files.deleteIfExists(old(1));
                if (file.size() <= 2 * limits.sizeBytes()) {
                    throw e;
                }
            }
            file.truncate(0);
        }
    }

    private void copy(FileChannel file) throws IOException {
        try (var copy = FileChannel.open(
                old(1),
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)))) {
            long position = 0;
            // Bounded: somebody who writes faster than this copies does not hold it for ever.
            long most = 2 * limits.sizeBytes();
            while (position < most) {
                long copied = file.transferTo(position, most - position, copy);
                if (copied <= 0) {
                    return;
                }
                position += copied;
            }
        }
    }

    /// Moves each old one up by one and deletes those beyond the bound.
    private void makeRoom() throws IOException {
        for (int number = Math.max(1, limits.kept()); Files.deleteIfExists(old(number)); number++) {
            // More than one when the configuration kept more before.
        }
        for (int number = limits.kept() - 1; number >= 1; number--) {
            if (Files.exists(old(number))) {
                Files.move(old(number), old(number + 1), StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    private Path old(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
