package hearth.domain0.domain;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import hearth.base.Units;
import hearth.base.posix.Descriptors;
import hearth.base.posix.PosixException;
import hearth.domain0.config.Sizes;

/// What a start needs of each file system, added up over all controllers, against what is free there.
final class SpaceNeeded {
    /// State files, logs and addresses of a host.
    private static final long HOST_BYTES = Units.MIB;

    private final Map<FileStore, Need> needs = new LinkedHashMap<>();

    private static final class Need {
        private final Path example;
        private long takenBytes;
        private long growthBytes;
        private String controller = "";
        private String key = "";

        Need(Path example) {
            this.example = example;
        }
    }

    /// @param root the data directory
    SpaceNeeded(Path root) {
        need(root, HOST_BYTES);
    }

    /// A file that takes its whole size when it is made.
    void takes(Path file, long bytes, String controller, String key) {
        Need need = need(file, bytes);
        need.controller = controller;
        need.key = key;
    }

    /// A sparse file, which takes more as it is written.
    void mayGrow(Path file, long sizeBytes) {
        need(file, 0).growthBytes += Math.max(0, sizeBytes - allocatedBytes(file));
    }

    private static long allocatedBytes(Path file) {
        if (!Files.isRegularFile(file)) {
            // To be made, or a device, whose place is taken.
            return Files.exists(file) ? Long.MAX_VALUE : 0;
        }
        try {
            int fd = Descriptors.open(file, Descriptors.O_RDONLY, 0);
            try {
                return Descriptors.allocatedBytes(fd);
            } finally {
                Descriptors.close(fd);
            }
        } catch (PosixException e) {
            return 0;
        }
    }

    private Need need(Path path, long bytes) {
        Path existing = Folders.existing(path);
        Need need;
        try {
            need = needs.computeIfAbsent(Files.getFileStore(existing), _ -> new Need(existing));
        } catch (IOException e) {
            // What cannot be asked is not judged.
            need = new Need(existing);
        }
        need.takenBytes += bytes;
        return need;
    }

    List<Finding> complaints() {
        List<Finding> findings = new ArrayList<>();
        needs.forEach((store, need) -> {
            long free;
            try {
                free = store.getUsableSpace();
            } catch (IOException e) {
                return;
            }
            String where = "the file system of " + need.example + " has " + Sizes.format(free) + " free";
            if (free < need.takenBytes) {
                findings.add(new Finding(need.controller, need.key, where + ", needed are "
                        + Sizes.format(need.takenBytes) + "; make room there, or name other places", true));
            } else if (free - need.takenBytes < need.growthBytes) {
                findings.add(new Finding(need.controller, "", where + ", and the disks there may grow by "
                        + Sizes.format(need.growthBytes) + "; when it is full their controllers stop", false));
            }
        });
        return findings;
    }
}
