package hearth.domain0.config;

import java.util.Map;
import java.util.Optional;

/// Where each key stands in the file, so that what is found wrong later can be said with its place as well.
public final class Places {
    /// For a configuration that is in no file.
    public static final Places NONE = new Places("", Map.of(), Map.of());

    private final String file;
    private final Map<String, Integer> lines;
    private final Map<String, Integer> controllers;

    /// One place.
    ///
    /// @param line from 1; 0 when it stands in no file
    /// @param key as people write it: `controllers[0].disks[1].file`
    public record Place(String file, int line, String key) {
        /// In front of what is said about it.
        public String text() {
            return line > 0 ? file + ":" + line + ": " + key : key;
        }
    }

    Places(String file, Map<String, Integer> lines, Map<String, Integer> controllers) {
        this.file = file;
        this.lines = Map.copyOf(lines);
        this.controllers = Map.copyOf(controllers);
    }

    /// Of a key of the host.
    public Place of(String key) {
        return new Place(file, line(key).orElse(0), key);
    }

    /// Of a controller's key, such as `disks[1].file`; a key that is left out stands where what holds it does.
    public Place of(String controller, String key) {
        Integer index = controllers.get(controller);
        return index == null ? new Place(file, 0, "controller " + controller + ": " + key)
                : of("controllers[" + index + "]." + key);
    }

    private Optional<Integer> line(String key) {
        String path = key;
        while (!path.isEmpty()) {
            Integer line = lines.get(path);
            if (line != null) {
                return Optional.of(line);
            }
            path = path.substring(0, Math.max(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['))));
        }
        return Optional.empty();
    }
}
