package hearth.domain0;

import java.nio.file.Path;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

/// Which data directory a verb means.
final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "where everything is kept (default: $$HEARTH_DATA, else ./hearth-data)")
    private @Nullable Path data;

    Path root() {
        return Optional.ofNullable(data)
                .orElseGet(() -> Path.of(Optional.ofNullable(System.getenv("HEARTH_DATA"))
                        .filter(text -> !text.isBlank())
                        .orElse("hearth-data")))
                .toAbsolutePath()
                .normalize();
    }
}
