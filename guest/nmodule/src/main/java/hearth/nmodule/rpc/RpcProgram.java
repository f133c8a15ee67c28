package hearth.nmodule.rpc;

/// A program's procedures in all versions that are served.
public interface RpcProgram {
    int number();

    int lowestVersion();

    int highestVersion();

    /// Whether this version, one between lowest and highest, has the procedure.
    boolean hasProcedure(int version, int procedure);

    /// The most bytes of the results. Reactor's thread: short, total; arguments may be anything.
    int resultBytesMax(RpcCall call);

    /// Carries the call out and writes the results. On a virtual thread; may park.
    ///
    /// @throws XdrException when the arguments are not what the procedure takes; what was written is thrown away
    Outcome call(RpcCall call, XdrWriter results) throws XdrException;

    /// The same if it can be done without waiting; `WOULD_WAIT` otherwise, and then nothing was done. On the reactor's
    /// thread.
    ///
    /// @throws XdrException as `call` does
    default Outcome tryCall(RpcCall call, XdrWriter results) throws XdrException {
        return Outcome.WOULD_WAIT;
    }

    /// The reply to one call has been given to the kernel.
    void replied();

    enum Outcome {
        ANSWERED,
        /// No reply is sent: the client repeats the call.
        DROPPED,
        /// Only by `tryCall`.
        WOULD_WAIT
    }
}
