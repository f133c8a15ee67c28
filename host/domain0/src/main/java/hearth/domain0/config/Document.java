package hearth.domain0.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A file while it is read: where each key stands, and what is wrong with it.
final class Document {
    private final String file;
    private final Map<String, Integer> lines = new HashMap<>();
    private final Map<String, Integer> controllers = new HashMap<>();
    private final List<ConfigException> complaints = new ArrayList<>();

    Document(String file) {
        this.file = file;
    }

    String file() {
        return file;
    }

    /// @param line from 1, 0 if it is not known
    void standsAt(String key, int line) {
        lines.putIfAbsent(key, line);
    }

    void isController(String name, int index) {
        controllers.put(name, index);
    }

    Places places() {
        return new Places(file, lines, controllers);
    }

    /// Takes note of a mistake; the reader goes on.
    void complain(ConfigException complaint) {
        complaints.add(complaint);
    }

    int complaintCount() {
        return complaints.size();
    }

    /// As they were met.
    List<ReadConfig.Complaint> complaints() {
        return complaints.stream()
                .map(ConfigException::complaint)
                .flatMap(Optional::stream)
                .toList();
    }
}
