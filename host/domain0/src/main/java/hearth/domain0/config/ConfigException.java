package hearth.domain0.config;

/// The configuration cannot be used. The message is one line that names where, which key, which value, and what is
/// allowed. Ends the program with exit code 2.
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        // Values of the file stand in messages, and a quoted value may hold anything.
        super(message.replaceAll("\\p{Cntrl}+", " "));
    }
}
