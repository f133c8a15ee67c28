package hearth.domain0.config;

/// Where a controller is reached. Port 0: chosen once, and remembered so that the address stays the same.
public record ListenConfig(String address, int port) {}
