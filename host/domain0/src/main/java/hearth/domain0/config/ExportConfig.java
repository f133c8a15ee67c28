package hearth.domain0.config;

import java.util.List;

/// An export made when the aggregate is formatted.
///
/// @param clients CIDR blocks, at least one
public record ExportConfig(String path, String volume, Access access, List<String> clients, Squash squash) {
    public ExportConfig {
        clients = List.copyOf(clients);
    }

    public enum Access {
        RO,
        RW
    }

    public enum Squash {
        NONE,
        ROOT,
        ALL
    }
}
