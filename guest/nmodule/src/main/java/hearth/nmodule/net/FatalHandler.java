package hearth.nmodule.net;

/// Told of an Error or an escaped exception in the reactor or in a call. It halts the guest: a half-dead guest is worse
/// than a dead one. Any thread; does not return in production.
@FunctionalInterface
public interface FatalHandler {
    void fatal(String where, Throwable thrown);
}
