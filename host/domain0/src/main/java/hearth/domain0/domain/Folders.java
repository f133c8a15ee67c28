package hearth.domain0.domain;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Whether files can be made in a folder, asked without making one.
final class Folders {
    private Folders() {}

    /// Why no file can be made in `folder`; empty when it can.
    ///
    /// @param made whether the folder itself is made when it is missing
    static Optional<String> complaint(Path folder, boolean made) {
        Path existing = existing(folder);
        if (!existing.equals(folder) && !made) {
            return Optional.of("there is no folder " + folder);
        }
        if (!Files.isDirectory(existing)) {
            return Optional.of(existing + " is in the way: it is no directory");
        }
        return Files.isWritable(existing) ? Optional.empty()
                : Optional.of("no permission to write in " + existing + ", or its file system is read-only");
    }

    /// The path itself, or the nearest folder above it that is there.
    static Path existing(Path path) {
        Path existing = path.toAbsolutePath().normalize();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return existing;
    }
}
