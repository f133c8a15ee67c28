package hearth.domain0;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

import com.fasterxml.jackson.databind.ObjectMapper;

import hearth.base.Clock;
import hearth.base.Event;
import hearth.base.posix.PosixException;
import hearth.domain0.api.ControlledDomain;
import hearth.domain0.api.ControlledHost;
import hearth.domain0.api.HostApi;
import hearth.domain0.config.ControllerConfig;
import hearth.domain0.config.HostConfig;
import hearth.domain0.domain.Domain;
import hearth.domain0.domain.DomainServices;
import hearth.domain0.domain.KnownVolumes;
import hearth.domain0.domain.Progress;
import hearth.domain0.domain.StartException;
import hearth.domain0.domain.StopResult;
import hearth.domain0.event.EventLog;
import hearth.domain0.state.DataDirectory;

/// Everything that runs on one data directory: the controllers and the interface. Any thread may call.
final class Host implements ControlledHost, AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DataDirectory directory;
    private final EventLog events;
    private final Clock clock;
    private final List<LiveDomain> domains = new ArrayList<>();
    private final List<HostApi> api = new ArrayList<>();

    private final AtomicBoolean goingDown = new AtomicBoolean();
    private final CountDownLatch down = new CountDownLatch(1);
    private volatile List<Stopped> stopped = List.of();
    private volatile Progress progress = text -> {};

    private Host(DataDirectory directory, EventLog events, Clock clock) {
        this.directory = directory;
        this.events = events;
        this.clock = clock;
    }

    /// Opens all controllers and the interface; nothing serves yet. Fails as a whole, and then nothing stays open but
    /// directory and log, which are the caller's. Platform threads only.
    static Host open(HostConfig config, DataDirectory directory, EventLog events, DomainServices services)
            throws StartException {
        var host = new Host(directory, events, services.clock());
        try {
            for (ControllerConfig controller : config.controllers()) {
                host.domains.add(new LiveDomain(controller, Domain.open(controller, directory, services)));
            }
            host.openApi(config.apiPort());
            return host;
        } catch (StartException | RuntimeException e) {
            host.close();
            throw e;
        } catch (IOException e) {
            host.close();
            throw new StartException(StartException.CONFIGURATION, "the host's interface cannot start: "
                    + DataDirectory.reason(e), e);
        }
    }

    private void openApi(int port) throws IOException {
        HostApi served = HostApi.start(this, port);
        api.add(served);
        directory.writeRun("token", (served.token() + "\n").getBytes(StandardCharsets.US_ASCII));
        // Last: who finds the address finds the token.
        directory.writeRun("api.json", JSON.writeValueAsBytes(JSON.createObjectNode()
                .put("url", served.url())
                .put("pid", ProcessHandle.current().pid())));
    }

    /// Tells who hears when a controller's volumes or exports are others than the host knew.
    void onVolumes(VolumesListener listener) {
        domains.forEach(domain -> domain.domain().onVolumes(known -> listener.changed(domain.name(), known)));
    }

    /// Any thread.
    @FunctionalInterface
    interface VolumesListener {
        void changed(String controller, KnownVolumes volumes);
    }

    /// Spawns the first guests; returns at once.
    void start() {
        events.accept(Event.of(clock, "host.started", "pid", ProcessHandle.current().pid(), "data",
                directory.root()));
        domains.forEach(domain -> domain.domain().start());
    }

    @Override
    public Path dataDirectory() {
        return directory.root();
    }

    @Override
    public List<? extends ControlledDomain> domains() {
        return domains;
    }

    List<LiveDomain> liveDomains() {
        return domains;
    }

    @Override
    public EventLog events() {
        return events;
    }

    /// Who hears what takes its time while the host goes down.
    void onProgress(Progress listener) {
        progress = listener;
    }

    /// Begins to go down; returns at once.
    void beginDown() {
        if (goingDown.compareAndSet(false, true)) {
            Thread.ofPlatform().name("down").start(this::stopAll);
        }
    }

    private void stopAll() {
        var results = new ArrayList<Stopped>();
        try {
            events.accept(Event.of(clock, "host.stopping"));
            for (LiveDomain domain : domains) {
                results.add(stop(domain));
            }
        } finally {
            stopped = List.copyOf(results);
            down.countDown();
        }
    }

    private Stopped stop(LiveDomain domain) {
        try {
            StopResult result = domain.domain().stop(progress);
            progress.note("controller " + domain.name() + ": " + result.text());
            events.accept(Event.of(clock, "domain.stopped", "domain", domain.name(), "in_order", result.inOrder()));
            return new Stopped(domain.name(), result.inOrder(), result.text());
        } catch (PosixException e) {
            return new Stopped(domain.name(), false, "could not be stopped: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Stopped(domain.name(), false, "was interrupted while it stopped");
        }
    }

    @Override
    public List<Stopped> down() throws InterruptedException {
        beginDown();
        return awaitDown();
    }

    /// Waits until every domain has stopped, whoever asked for it.
    List<Stopped> awaitDown() throws InterruptedException {
        down.await();
        return stopped;
    }

    /// Ends what still runs, without order, and lets the last calls have their answers.
    @Override
    public void close() {
        domains.forEach(domain -> domain.domain().close());
        api.forEach(HostApi::close);
    }
}
