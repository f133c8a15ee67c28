package hearth.domain0;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import hearth.base.Clock;
import hearth.base.Event;
import hearth.base.Units;
import hearth.base.posix.PosixException;
import hearth.base.posix.Processes;
import hearth.domain0.api.ControlledHost;
import hearth.domain0.api.HostApi;
import hearth.domain0.api.RefusedException;
import hearth.domain0.config.ControllerConfig;
import hearth.domain0.config.HostConfig;
import hearth.domain0.disk.DiskFiles;
import hearth.domain0.domain.DomainServices;
import hearth.domain0.domain.DomainStatus;
import hearth.domain0.domain.GuestProgram;
import hearth.domain0.domain.StartException;
import hearth.domain0.event.EventLog;
import hearth.domain0.log.LogFile;
import hearth.domain0.log.LogRotation;
import hearth.domain0.state.DataDirectory;
import hearth.hypervisor.GuestStartException;
import hearth.hypervisor.ProcessDriver;
import hearth.memory.channel.AdminRequest;

/// One host from its start to its end, with what it says to whoever watches.
final class UpSession {
    private static final long WAIT_MS = 200;
    private static final long SAME_SIGNAL_NS = 1_000_000_000;
    private static final int HALTED = 1;
    private static final String HOST_LOG = "host.log";
    // For tests: as on a kernel that speaks at most this version of Landlock, 0 for none.
    private static final String LANDLOCK_ABI_PROPERTY = "hearth.test.landlock-abi";

    private final DataDirectory directory;
    private final EventLog events;
    private final Output output;
    private final boolean detached;
    private final AtomicLong endingSinceNs = new AtomicLong();
    // By domain, the incarnation that was told about when it served first.
    private final Map<String, Long> serving = new ConcurrentHashMap<>();

    /// Something that is done once the host is sure to run.
    @FunctionalInterface
    interface Once {
        void run() throws IOException;
    }

    UpSession(DataDirectory directory, EventLog events, Output output, boolean detached) {
        this.directory = directory;
        this.events = events;
        this.output = output;
        this.detached = detached;
    }

    /// Runs the host until somebody wants its end; true when every controller stopped in order.
    ///
    /// @param opened runs when disks and journals are open
    /// @param volumes hears of volumes and exports that are not as the configuration has them
    boolean run(HostConfig config, Installation program, boolean acceptLoss, Once opened,
            Host.VolumesListener volumes)
            throws StartException, IOException, InterruptedException {
        directory.predecessor().ifPresent(pid -> {
            events.accept(Event.of(Clock.SYSTEM, "host.predecessor-died", "pid", pid));
            output.say("the host before this one (process " + pid + ") did not go down in order; going on from what"
                    + " was stable");
        });
        var services = new DomainServices(driver(program), GuestProgram.installed(program.home(), program.java()),
                DiskFiles.fromSystemProperties(), Clock.SYSTEM, events, acceptLoss);
        config.controllers().forEach(this::announce);
        // What is left out at the start has been said by the time the host is open.
        events.follow(this::narrate);
        try (Host host = Host.open(config, directory, events, services);
                var _ = new LogRotation(logs(config), Clock.SYSTEM, events)) {
            opened.run();
            host.onVolumes(volumes);
            Signals.handle(() -> end(host));
            host.onProgress(output::say);
            host.start();
            if (!awaitServing(host)) {
                host.down();
                throw failure(host);
            }
            if (detached) {
                Detached.ready(directory.logs().resolve(HOST_LOG), output);
            }
            List<ControlledHost.Stopped> stopped = host.awaitDown();
            output.say("host stopped");
            return stopped.stream().allMatch(ControlledHost.Stopped::inOrder);
        }
    }

    private static ProcessDriver driver(Installation program) throws StartException {
        try {
            // Guests inherit it.
            Processes.coreDumpsOff();
            return ProcessDriver.open(program.java(), List.of(program.home().resolve("guest")),
                    Integer.getInteger(LANDLOCK_ABI_PROPERTY, Integer.MAX_VALUE));
        } catch (GuestStartException | PosixException e) {
            throw new StartException(StartException.FAILED, String.valueOf(e.getMessage()), e);
        }
    }

    /// Those that a process has as its output; the host moves its events on itself.
    private List<LogFile> logs(HostConfig config) {
        var files = new ArrayList<LogFile>();
        files.add(new LogFile(directory.logs().resolve(HOST_LOG), config.logs()));
        for (ControllerConfig c : config.controllers()) {
            files.add(new LogFile(directory.guestLog(c.name()), config.logs()));
        }
        return files;
    }

    private void narrate(Event event) {
        // The first start is told with its addresses; the event of it may come later than those.
        boolean first = event.name().equals("guest.listening")
                && event.fields().get("incarnation") instanceof Number incarnation
                && incarnation.longValue()
                        <= serving.getOrDefault(String.valueOf(event.fields().get("domain")), Long.MAX_VALUE);
        if (!first) {
            Narrator.line(event).ifPresent(output::say);
        }
    }

    private void announce(ControllerConfig c) {
        output.say("controller " + c.name() + ": starting on a mirror of " + c.disks().getFirst().file() + " and "
                + c.disks().getLast().file() + ", cache " + mib(c.memory().cacheBytes()) + ", log 2 x "
                + mib(c.memory().logHalfBytes()));
    }

    private static String mib(long bytes) {
        return bytes / Units.MIB + " MiB";
    }

    /// Ctrl-C once: in order. Once more, when there was time to read that: now. What ends whole groups of processes
    /// often sends the same signal twice.
    private void end(Host host) {
        long nowNs = Clock.SYSTEM.monotonicNs();
        if (endingSinceNs.compareAndSet(0, nowNs)) {
            output.say("stopping; once more to end at once");
            host.beginDown();
        } else if (nowNs - endingSinceNs.get() > SAME_SIGNAL_NS) {
            output.complain("ended without waiting; what was stable is in the journal");
            Runtime.getRuntime().halt(HALTED);
        }
    }

    /// Waits for every controller's first start; false when none of them serves.
    private boolean awaitServing(Host host) throws InterruptedException {
        int count = 0;
        for (LiveDomain domain : host.liveDomains()) {
            DomainStatus.State state = domain.status().state();
            while (state == DomainStatus.State.STARTING || state == DomainStatus.State.RESTARTING) {
                domain.domain().awaitListening(WAIT_MS);
                state = domain.status().state();
            }
            // STOPPED: somebody wanted the end before the beginning was over, and that is no failure.
            count += state == DomainStatus.State.FAILED ? 0 : 1;
            if (state == DomainStatus.State.LISTENING) {
                lookAtVolumes(domain);
                show(domain);
            }
        }
        if (count > 0 && output.json()) {
            output.out().println(HostApi.status(host));
        } else if (count > 0 && !detached) {
            output.say("Ctrl-C stops the host; ./hearth status --data " + directory.root() + " shows more");
        }
        return count > 0;
    }

    /// The disks may have other volumes than the host remembers: it may have died just after a change.
    private void lookAtVolumes(LiveDomain domain) throws InterruptedException {
        try {
            domain.administer(new AdminRequest.ListVolumes());
        } catch (RefusedException e) {
            events.accept(Event.of(Clock.SYSTEM, "volumes.unknown", "domain", domain.name(), "why",
                    String.valueOf(e.getMessage())));
        }
    }

    private void show(LiveDomain domain) {
        DomainStatus status = domain.status();
        serving.put(domain.name(), status.incarnation());
        output.say("controller " + domain.name() + ": serving (incarnation " + status.incarnation() + ", "
                + status.plan() + ")");
        status.urls().forEach(url -> output.say("  " + url));
        status.mounts().forEach(mount -> output.say("  " + mount));
        if (status.disks().stream().anyMatch(DomainStatus.DiskState::degraded)) {
            output.say("  WARNING: the mirror is degraded: one disk holds the only copy");
        }
    }

    private static StartException failure(Host host) {
        boolean configuration = false;
        var lines = new ArrayList<String>();
        for (LiveDomain domain : host.liveDomains()) {
            String reason = domain.status().reason();
            configuration |= reason.startsWith(DomainStatus.CANNOT_SERVE);
            lines.add("controller " + domain.name() + " has failed: " + reason);
        }
        lines.add("more in " + host.dataDirectory().resolve("logs"));
        return new StartException(
                configuration ? StartException.CONFIGURATION : StartException.FAILED, String.join("; ", lines));
    }
}
