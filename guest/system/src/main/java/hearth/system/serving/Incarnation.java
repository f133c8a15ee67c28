package hearth.system.serving;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import hearth.cf.CfService;
import hearth.cf.Lpc;
import hearth.checkpoint.BootPlan;
import hearth.memory.channel.ChannelMessage;
import hearth.memory.region.BootStage;
import hearth.memory.region.GuestState;
import hearth.memory.region.HeartbeatPage;
import hearth.system.boot.Boot;
import hearth.system.boot.BootEnvironment;
import hearth.system.boot.BootException;
import hearth.system.boot.Booted;
import hearth.system.wiring.Heartbeat;

/// One life of the guest: boots, serves connections that it is given, stops. One thread calls `listen`, `stop` and
/// `abandon`; any `adopt` and `consistencyPoint`.
public final class Incarnation {
    private static final int DRAIN_MS = 10_000;

    private final Booted booted;
    private final HeartbeatPage page;
    private final Heartbeat heartbeat;
    private final GuestThreads threads;

    private Incarnation(Booted booted, HeartbeatPage page, Heartbeat heartbeat, GuestThreads threads) {
        this.booted = booted;
        this.page = page;
        this.heartbeat = heartbeat;
        this.threads = threads;
    }

    /// Boots in the region, whose memory this incarnation has for itself. Ready to listen at return.
    ///
    /// @param startedNs when the process began
    /// @param cannotServe told once when the aggregate can no longer be written; ends the process
    /// @throws BootException neither this incarnation nor its successors can serve
    public static Incarnation boot(BootEnvironment env, long startedNs, Consumer<IOException> cannotServe)
            throws BootException {
        HeartbeatPage page = env.region().heartbeat();
        page.begin(env.assign().incarnation(), startedNs);
        Heartbeat heartbeat = new Heartbeat(page, env.clock(), env.fatal());
        heartbeat.reached(BootStage.ATTACHED);
        try {
            Booted booted = Boot.run(env, heartbeat);
            return new Incarnation(booted, page, heartbeat, new GuestThreads(booted, env.fatal(), cannotServe));
        } catch (BootException e) {
            heartbeat.close();
            throw e;
        }
    }

    /// The plan that was carried out.
    public BootPlan plan() {
        return booted.plan();
    }

    /// The storage, past the network: for benches.
    public CfService storage() {
        return new Lpc(booted.operations());
    }

    /// From here on connections are served.
    public void listen() {
        booted.server().start();
        heartbeat.reached(BootStage.LISTENING);
        page.setState(GuestState.LISTENING);
        heartbeat.serve(new GuestCounters(booted));
        threads.start();
    }

    /// Serves a connected, non-blocking TCP socket, whose descriptor is this guest's from here on.
    public void adopt(int socketFd, byte[] peerAddress) {
        booted.server().adopt(socketFd, peerAddress);
    }

    /// Makes everything that was answered so far durable on the disks. Waits; not from a handler of a request.
    public void consistencyPoint() {
        booted.fileSystem().awaitConsistencyPoint("request");
    }

    /// Does what an administrator asks for. Waits; one thread.
    public ChannelMessage.Administered administer(ChannelMessage.Administer request) {
        return new Administration(booted).answer(request);
    }

    /// In order: what runs is answered, everything is durable, nothing runs any more.
    public void stop() throws InterruptedException {
        page.setState(GuestState.STOPPING);
        booted.server().stop(DRAIN_MS);
        consistencyPoint();
        end();
        page.setState(GuestState.STOPPED);
    }

    /// As near to a death as one process allows: all threads end, nothing is written, what the region holds stands.
    public void abandon() throws InterruptedException {
        booted.server().stop((int) TimeUnit.SECONDS.toMillis(1));
        end();
    }

    private void end() {
        threads.close();
        heartbeat.close();
        booted.disks().close();
    }
}
