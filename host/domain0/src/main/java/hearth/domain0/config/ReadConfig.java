package hearth.domain0.config;

import java.util.List;

/// All that can be said of a file.
///
/// @param config the controllers about which nothing is wrong, and the rest by default where it is wrong
/// @param complaints every mistake, as they were met
/// @param places where each key stands
public record ReadConfig(HostConfig config, List<Complaint> complaints, Places places) {
    public ReadConfig {
        complaints = List.copyOf(complaints);
    }

    /// The configuration, about which nothing must be wrong.
    public HostConfig orThrow() throws ConfigException {
        if (!complaints.isEmpty()) {
            throw new ConfigException(complaints.getFirst());
        }
        return config;
    }

    /// One mistake: where, and the rest of the line.
    public record Complaint(Places.Place place, String text) {
        /// The whole line.
        public String line() {
            return place.text() + " " + text;
        }
    }
}
