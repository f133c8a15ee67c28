package hearth.domain0.domain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import hearth.memory.death.DeathPoint;

/// Tells guests where to die, for tests only. The system property `hearth.test.guest-death=FILE` names a file that a
/// test writes: the next guest to be started takes what stands there as its `hearth.test.death-at`, and the file is
/// gone.
final class DeathOrders {
    static final String PROPERTY = "hearth.test.guest-death";

    private final Optional<Path> file;

    DeathOrders(Optional<Path> file) {
        this.file = file;
    }

    /// Nobody is to die without the property.
    static DeathOrders fromSystemProperties() {
        @Nullable String name = System.getProperty(PROPERTY);
        return new DeathOrders(Optional.ofNullable(name).map(Path::of));
    }

    /// More system properties for a guest that is about to be started.
    List<String> forNextGuest() {
        if (file.isEmpty()) {
            return List.of();
        }
        try {
            String order = Files.readString(file.get()).strip();
            Files.delete(file.get());
            return List.of(DeathPoint.PROPERTY + '=' + order);
        } catch (NoSuchFileException nobodyDies) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
