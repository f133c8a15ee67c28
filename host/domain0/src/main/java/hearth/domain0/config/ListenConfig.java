package hearth.domain0.config;

/// Where a controller is reached. Port 0: chosen once, and remembered so that the address stays the same.
///
/// @param portmapper whether port 111 of the same address tells clients the port
public record ListenConfig(String address, int port, boolean portmapper) {
    /// One that no portmapper tells of.
    public ListenConfig(String address, int port) {
        this(address, port, false);
    }
}
