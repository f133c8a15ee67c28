package hearth.nmodule.nfs;

import java.util.List;

import hearth.base.Clock;
import hearth.base.posix.PosixException;
import hearth.cf.CfService;
import hearth.nmodule.net.FatalHandler;
import hearth.nmodule.net.NetLimits;
import hearth.nmodule.net.NetStatistics;
import hearth.nmodule.net.Reactor;
import hearth.nmodule.rpc.RpcServer;

/// NFS version 3 and MOUNT version 3 on the connections that it is given; it never listens and never accepts. One per
/// guest and storage.
public final class NfsServer {
    private final ExportTable exports;
    private final NetStatistics statistics;
    private final Reactor reactor;

    /// Makes the server; `start` lets it answer. `firstReply` runs once, on any thread, when the first NFS reply has
    /// been sent, and is short.
    ///
    /// @throws PosixException when the kernel gives no descriptors
    public NfsServer(
            CfService storage, Clock clock, NetLimits limits, FatalHandler fatal, Runnable firstReply)
            throws PosixException {
        statistics = new NetStatistics(limits.inFlightMax());
        exports = new ExportTable(storage);
        var nfs = new Nfs3Server(storage, exports, statistics, firstReply);
        var mount = new Mount3Server(storage, exports, statistics);
        var rpc = new RpcServer(List.of(nfs, mount), statistics);
        reactor = new Reactor(rpc, clock, limits, fatal, statistics);
    }

    /// The same for those who do not care about the first reply.
    public NfsServer(CfService storage, Clock clock, NetLimits limits, FatalHandler fatal) throws PosixException {
        this(storage, clock, limits, fatal, () -> {});
    }

    /// Starts the reactor's thread. The list of exports is asked for with the first call that needs it, or by
    /// `refreshExports`.
    public void start() {
        reactor.start();
    }

    /// Serves a connected, non-blocking TCP socket, whose descriptor is the server's from here on. Any thread.
    ///
    /// @param peerAddress the client's address, 4 or 16 bytes, without the port
    public void adopt(int socketFd, byte[] peerAddress) {
        reactor.adopt(socketFd, ClientBlock.normalized(peerAddress));
    }

    /// Asks the storage for the exports again, because they changed. May park.
    public void refreshExports() {
        exports.refresh();
    }

    /// Stops reading, lets running calls finish and their replies leave, for at most `boundMs`; then all connections
    /// are closed. Waits for it.
    public void stop(int boundMs) throws InterruptedException {
        reactor.stop(boundMs);
    }

    public NetStatistics statistics() {
        return statistics;
    }
}
