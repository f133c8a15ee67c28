package hearth.memory.region;

import java.io.IOException;

/// A memory file is not what it was said to be: wrong magic, version, size, checksum, or of another region. The guest
/// that meets it cannot start; domain 0 makes a new region.
public final class RegionException extends IOException {
    private static final long serialVersionUID = 1L;

    private final FileKind file;

    public RegionException(FileKind file, String why) {
        super("region file " + file + ": " + why);
        this.file = file;
    }

    public FileKind file() {
        return file;
    }
}
