package hearth.domain0;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import hearth.domain0.config.ConfigException;

/// Where the launcher says that things are.
///
/// @param home the folder with `guest/` and `host/`
/// @param java the JDK that guests run on
record Installation(Path home, Path java) {
    static Installation find() throws ConfigException {
        Path home = property("hearth.home");
        if (!Files.isDirectory(home.resolve("guest"))) {
            throw new ConfigException("there is no guest program in " + home + "; ./hearth build makes it");
        }
        return new Installation(home, property("hearth.java"));
    }

    private static Path property(String name) throws ConfigException {
        return Optional.ofNullable(System.getProperty(name))
                .map(Path::of)
                .orElseThrow(() -> new ConfigException("system property " + name + " is missing; start with ./hearth"));
    }
}
