package hearth.domain0.config;

import java.nio.file.Path;

/// One disk kept in a file: created sparse with `sizeBytes` while the host knows no aggregate of the controller.
public record DiskConfig(String name, Path file, long sizeBytes) {}
