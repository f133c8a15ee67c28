package hearth.domain0.config;

import java.nio.file.Path;
import java.util.List;

/// Where the log is kept durable: every append is flushed on all files. `sizeBytes` is the size of each.
public record JournalConfig(List<Path> files, long sizeBytes) {
    public JournalConfig {
        files = List.copyOf(files);
    }
}
