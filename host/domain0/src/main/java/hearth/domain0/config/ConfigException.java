package hearth.domain0.config;

import java.util.Optional;

/// The configuration cannot be used. The message is one line that names where, which key, which value, and what is
/// allowed. Ends the program with exit code 2.
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Optional<ReadConfig.Complaint> complaint;

    public ConfigException(String message) {
        super(plain(message));
        complaint = Optional.empty();
    }

    ConfigException(ReadConfig.Complaint complaint) {
        super(plain(complaint.line()));
        this.complaint = Optional.of(new ReadConfig.Complaint(complaint.place(), plain(complaint.text())));
    }

    // Values of the file stand in messages, and a quoted value may hold anything.
    private static String plain(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }

    /// With its place, where it is about one.
    Optional<ReadConfig.Complaint> complaint() {
        return complaint;
    }
}
