package hearth.domain0.domain;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

import hearth.base.Check;
import hearth.base.Clock;
import hearth.base.Event;
import hearth.base.Units;
import hearth.domain0.config.ControllerConfig;
import hearth.domain0.config.DiskConfig;
import hearth.domain0.config.ListenConfig;
import hearth.domain0.disk.DeviceTable;
import hearth.domain0.disk.Disk;
import hearth.domain0.disk.DiskBackEnd;
import hearth.domain0.disk.DiskFiles;
import hearth.domain0.journal.Flusher;
import hearth.domain0.journal.Journal;
import hearth.domain0.journal.JournalException;
import hearth.domain0.journal.JournalSpec;
import hearth.domain0.journal.LogRestore;
import hearth.domain0.journal.RecordFetcher;
import hearth.domain0.net.ListenException;
import hearth.domain0.net.Listeners;
import hearth.domain0.net.PortMap;
import hearth.domain0.net.Portmapper;
import hearth.domain0.state.DataDirectory;
import hearth.memory.journal.JournalSummary;
import hearth.memory.label.DiskId;
import hearth.memory.label.DiskLabel;
import hearth.memory.log.LogArea;
import hearth.memory.log.LogLoader;
import hearth.memory.region.Area;
import hearth.memory.region.Region;
import hearth.memory.region.RegionGeometry;
import hearth.memory.region.RegionMaker;

/// Everything of a domain that outlives its guests: region, disks and their back-end, journal and flusher, listeners.
/// Opened in an order in which the cheap and the wrong come first, closed in the reverse one.
final class Storage implements AutoCloseable {
    private static final int DISK_THREADS = 8;

    private final ControllerConfig config;
    private final DataDirectory directory;
    private final DomainServices services;
    private final Clock clock;
    private final Event.Sink events;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private AggregateState state;
    private List<DiskOpening.Opened> disks = List.of();
    private long firstIncarnation;

    // Set by `open`, which gives nothing out before they are.
    private Optional<Parts> parts = Optional.empty();

    private record Parts(
            Region region, DiskBackEnd backEnd, Flusher flusher, RecordFetcher fetcher, Listeners listeners,
            LabelWatch labels, HugePages hugePages) {}

    private Storage(ControllerConfig config, DataDirectory directory, DomainServices services, AggregateState state) {
        this.config = config;
        this.directory = directory;
        this.services = services;
        this.clock = services.clock();
        this.events = services.events();
        this.state = state;
    }

    static Storage open(ControllerConfig config, DataDirectory directory, DomainServices services)
            throws StartException {
        RegionGeometry geometry = geometry(config);
        checkMemory(config, 0);
        Optional<AggregateState> known = AggregateState.load(directory, config.name());
        AggregateState state = known.isPresent() ? known.get() : fresh(config);
        var storage = new Storage(config, directory, services, state);
        try {
            storage.openAll(geometry);
            return storage;
        } catch (StartException | RuntimeException e) {
            storage.close();
            throw e;
        } catch (IOException e) {
            storage.close();
            throw new StartException(StartException.FAILED, "controller " + config.name() + ": " + e.getMessage(), e);
        }
    }

    private static RegionGeometry geometry(ControllerConfig config) throws StartException {
        try {
            return RegionGeometry.of(config.memory().cacheBytes(), config.memory().logHalfBytes());
        } catch (IllegalArgumentException e) {
            throw new StartException("memory", "controller " + config.name() + ": memory: " + e.getMessage());
        }
    }

    /// Bytes of memory that the controller takes.
    static long memoryNeededBytes(ControllerConfig config) throws StartException {
        return geometry(config).memoryNeededBytes() + config.guest().heapBytes();
    }

    /// Throws when there is not enough memory for the controller.
    ///
    /// @param promisedBytes what is available now and others will have taken by then
    static void checkMemory(ControllerConfig config, long promisedBytes) throws StartException {
        long neededBytes = memoryNeededBytes(config);
        OptionalLong available = MemoryAvailable.bytes();
        if (available.isPresent() && available.getAsLong() - promisedBytes < neededBytes) {
            throw new StartException("memory.cache", "controller " + config.name() + " needs "
                    + mib(neededBytes) + " MiB of memory (cache " + mib(config.memory().cacheBytes()) + ", log 2 x "
                    + mib(config.memory().logHalfBytes()) + ", guest heap " + mib(config.guest().heapBytes())
                    + ", the rest fixed), available are " + mib(Math.max(0, available.getAsLong() - promisedBytes))
                    + " MiB" + (promisedBytes == 0 ? "" : " after the controllers before it")
                    + "; make the cache smaller or free memory");
        }
    }

    private static long mib(long bytes) {
        return (bytes + Units.MIB - 1) / Units.MIB;
    }

    /// The state of one that has never started.
    static AggregateState fresh(ControllerConfig config) {
        var random = new SecureRandom();
        long aggregateId = random.nextLong();
        Map<String, DiskId> ids = new LinkedHashMap<>();
        for (DiskConfig disk : config.disks()) {
            ids.put(disk.name(), DiskId.random(random));
        }
        List<Integer> ports = config.listen().stream().map(ListenConfig::port).toList();
        return new AggregateState(aggregateId == 0 ? 1 : aggregateId, ids, ports, false, 0);
    }

    private void openAll(RegionGeometry geometry) throws StartException, IOException {
        var opening = new DiskOpening(config, state, services.files(), clock, events);
        opening.checkConfig();
        Journal journal;
        if (state.created()) {
            disks = opening.open();
            opened.push(() -> DiskOpening.close(disks));
            journal = journal(false);
        } else {
            // Remembered before anything is made, so that a start that is cut short here is finished by the next one.
            state.save(directory, config.name());
            disks = opening.create();
            opened.push(() -> DiskOpening.close(disks));
            journal = journal(true);
            state = state.withCreated();
            state.save(directory, config.name());
        }
        opened.push(journal);
        checkNotStale(journal);
        Listeners listeners = listen();
        opened.push(listeners);
        openPortmappers(listeners);
        Region region = RegionMaker.make(config.name(), geometry, new SecureRandom());
        opened.push(region);
        DeviceTable devices = attachDisks(region);
        long lastLsn = restore(region, journal);
        firstIncarnation = journal.summary().incarnationsReserved() + 1;
        Flusher flusher = new Flusher(region, journal, lastLsn, clock, events);
        opened.remove(journal);
        opened.push(flusher);
        var fetcher = new RecordFetcher(config.name(), journal, region.instance(), clock, events);
        opened.push(fetcher);
        var labels = new LabelWatch(flusher::labelled, labelsOf(disks));
        var backEnd = new DiskBackEnd(region, devices, DISK_THREADS, labels, clock, events);
        opened.push(backEnd);
        var hugePages = new HugePages(region, config.memory().hugePages());
        opened.push(hugePages);
        parts = Optional.of(new Parts(region, backEnd, flusher, fetcher, listeners, labels, hugePages));
    }

    private static List<DiskLabel> labelsOf(List<DiskOpening.Opened> disks) {
        return disks.stream().flatMap(disk -> disk.label().stream()).toList();
    }

    private void checkNotStale(Journal journal) throws StartException {
        checkNotStale(config, disks, journal.summary());
    }

    /// Disks that the mirror went on without hold less than was acknowledged.
    static void checkNotStale(ControllerConfig config, List<DiskOpening.Opened> disks, JournalSummary journal)
            throws StartException {
        long known = journal.label().number();
        long found = LabelWatch.newest(labelsOf(disks)).map(label -> label.generation().number()).orElse(0L);
        if (found < known) {
            List<Path> missing = disks.stream().filter(disk -> disk.disk().isEmpty())
                    .map(disk -> disk.config().file()).toList();
            throw new StartException("disks", "controller " + config.name()
                    + ": the disks that are there are stale: they are of label generation " + found
                    + ", the mirror went on without them to " + known + "; put back " + missing);
        }
    }

    /// The journal that the configuration wants.
    static JournalSpec journalSpec(ControllerConfig config, AggregateState state, DiskFiles files)
            throws StartException {
        long leastBytes = JournalSpec.sizeBytesFor(config.memory().logHalfBytes());
        if (config.journal().files().isEmpty() || config.journal().sizeBytes() < leastBytes
                || config.journal().sizeBytes() % Units.BLOCK_SIZE != 0) {
            throw new StartException("journal.size", "controller " + config.name() + ": the journal has "
                    + config.journal().files().size() + " files of " + config.journal().sizeBytes()
                    + " bytes, needed is at least one, of at least " + leastBytes
                    + " bytes (twice the log) and a multiple of " + Units.BLOCK_SIZE);
        }
        return new JournalSpec(config.name(), state.aggregateId(), config.journal().files(),
                config.journal().sizeBytes(), state.incarnationFloor(), files);
    }

    private Journal journal(boolean fresh) throws StartException, IOException {
        JournalSpec spec = journalSpec(config, state, services.files());
        try {
            if (!fresh) {
                return Journal.open(spec, services.acceptLoss(), events, clock);
            }
            for (Path file : spec.files()) {
                // No guest has run: what is there was left by a start that was cut short, or is not ours.
                if (isLeftover(spec, file)) {
                    Files.delete(file);
                }
            }
            Journal journal = Journal.create(spec, events, clock);
            for (Path file : spec.files()) {
                Path parent = file.toAbsolutePath().getParent();
                DataDirectory.syncFolder(parent == null ? Path.of("/") : parent);
            }
            return journal;
        } catch (JournalException e) {
            throw journalComplaint(e);
        }
    }

    static StartException journalComplaint(JournalException e) {
        return e.kind() == JournalException.Kind.FAILED
                ? new StartException(StartException.FAILED, String.valueOf(e.getMessage()), e)
                : new StartException("journal.files", String.valueOf(e.getMessage()));
    }

    /// Whether there is a file where a controller that has never started wants a journal. Throws when it is not ours.
    static boolean isLeftover(JournalSpec spec, Path file) throws StartException, IOException {
        if (!Files.exists(file)) {
            return false;
        }
        var one = new JournalSpec(
                spec.domain(), spec.aggregateId(), List.of(file), spec.sizeBytes(), 0, spec.opener());
        if (!Journal.isLeftover(one)) {
            throw new StartException("journal.files[" + spec.files().indexOf(file) + "]", "journal file " + file
                    + " exists and belongs to something else; move it away, or name another file");
        }
        return true;
    }

    /// Where the controller is to be reached, with the ports that it had before.
    static List<InetSocketAddress> addresses(ControllerConfig config, AggregateState state) throws StartException {
        List<InetSocketAddress> wanted = new ArrayList<>();
        for (int i = 0; i < config.listen().size(); i++) {
            ListenConfig listen = config.listen().get(i);
            int remembered = i < state.ports().size() ? state.ports().get(i) : 0;
            try {
                wanted.add(new InetSocketAddress(
                        InetAddress.getByName(listen.address()), listen.port() == 0 ? remembered : listen.port()));
            } catch (UnknownHostException e) {
                throw new StartException("listen[" + i + "].address", "controller " + config.name()
                        + " cannot listen on " + listen.address() + ": no such address; configure one of this machine");
            }
        }
        return wanted;
    }

    private Listeners listen() throws StartException, IOException {
        try {
            Listeners listeners = Listeners.open(config.name(), addresses(config, state), clock, events);
            List<Integer> ports = listeners.addresses().stream().map(InetSocketAddress::getPort).toList();
            if (!ports.equals(state.ports())) {
                state = state.withPorts(ports);
                state.save(directory, config.name());
            }
            return listeners;
        } catch (ListenException e) {
            throw new StartException("listen", "controller " + config.name() + " " + e.getMessage());
        }
    }

    private void openPortmappers(Listeners listeners) throws StartException {
        for (int i = 0; i < config.listen().size(); i++) {
            if (!config.listen().get(i).portmapper()) {
                continue;
            }
            InetSocketAddress told = listeners.addresses().get(i);
            try {
                opened.push(Portmapper.open(config.name(), told.getAddress(), PortMap.PORT,
                        new PortMap(told.getPort()), clock, events));
            } catch (ListenException e) {
                throw new StartException(portmapperKey(i), "controller " + config.name() + " " + e.getMessage());
            }
        }
    }

    static String portmapperKey(int listener) {
        return "listen[" + listener + "].portmapper";
    }

    private DeviceTable attachDisks(Region region) {
        var devices = new DeviceTable(region.control());
        for (int slot = 0; slot < disks.size(); slot++) {
            DiskOpening.Opened disk = disks.get(slot);
            Optional<Disk> file = disk.disk();
            if (file.isPresent()) {
                devices.attach(slot, disk.id(), file.get());
            } else {
                devices.absent(slot, disk.id(), disk.sizeBlocks());
            }
        }
        return devices;
    }

    private long restore(Region region, Journal journal) throws StartException, IOException {
        var log = new LogArea(region.area(Area.LOG).memory(), region.geometry().logHalfBytes(), region.instance());
        return switch (LogRestore.restore(journal, log)) {
            case LogLoader.Loaded.Complete(long durableLsn, long lastLsn) -> {
                events.accept(Event.of(clock, "log.restored", "domain", config.name(), "durable_lsn", durableLsn,
                        "last_lsn", lastLsn, "records", lastLsn - durableLsn));
                yield lastLsn;
            }
            case LogLoader.Loaded.Refused(long lsn, String why) -> throw new StartException(
                    StartException.CONFIGURATION, "the journal of controller " + config.name()
                            + " cannot be put back into the log at record " + lsn + ": " + why
                            + "; if memory.log was made smaller, set it back");
        };
    }

    private Parts parts() {
        return parts.orElseThrow(() -> Check.failed("storage is used before it is open"));
    }

    Region region() {
        return parts().region();
    }

    DiskBackEnd backEnd() {
        return parts().backEnd();
    }

    Flusher flusher() {
        return parts().flusher();
    }

    RecordFetcher fetcher() {
        return parts().fetcher();
    }

    Listeners listeners() {
        return parts().listeners();
    }

    LabelWatch labels() {
        return parts().labels();
    }

    HugePages hugePages() {
        return parts().hugePages();
    }

    List<DiskOpening.Opened> disks() {
        return disks;
    }

    long aggregateId() {
        return state.aggregateId();
    }

    /// The lowest incarnation number that was never used.
    long firstIncarnation() {
        return firstIncarnation;
    }

    /// Makes sure that `incarnation` may be used: it stays used whatever dies next. Costs nothing while the journal
    /// reserves ahead; where it cannot, the state file remembers.
    void useIncarnation(long incarnation) throws IOException {
        long reserved = Math.max(flusher().incarnationsReserved(), state.incarnationFloor());
        if (incarnation > reserved) {
            state = state.withIncarnationFloor(incarnation + Flusher.RESERVED_AHEAD);
            state.save(directory, config.name());
        } else if (reserved - incarnation < Flusher.RESERVED_AHEAD / 2) {
            flusher().reserveMore();
        }
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                events.accept(
                        Event.of(clock, "domain.close-failed", "domain", config.name(), "why", String.valueOf(e)));
            }
        }
    }
}
