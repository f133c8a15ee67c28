package hearth.domain0.domain;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import hearth.base.Clock;
import hearth.base.Event;
import hearth.base.Units;
import hearth.base.posix.Errno;
import hearth.base.posix.PosixException;
import hearth.domain0.config.ControllerConfig;
import hearth.domain0.config.DiskConfig;
import hearth.domain0.disk.Disk;
import hearth.domain0.disk.DiskFiles;
import hearth.domain0.state.DataDirectory;
import hearth.memory.death.DeathPoint;
import hearth.memory.death.StoreGroup;
import hearth.memory.label.DiskGeometry;
import hearth.memory.label.DiskId;
import hearth.memory.label.DiskLabel;
import hearth.memory.label.LabelCodec;
import hearth.memory.label.LabelGeneration;
import hearth.memory.label.LabelLayout;
import hearth.memory.label.LabelRead;
import hearth.memory.label.MemberState;
import hearth.memory.label.RaidType;

/// Makes a domain's disks once, and opens them at every later start. Here are the cheap checks only: a file is there,
/// long enough, and of this aggregate; what the labels mean for the mirror is decided by the guest.
final class DiskOpening {
    private final ControllerConfig config;
    private final AggregateState state;
    private final DiskFiles files;
    private final Clock clock;
    private final Event.Sink events;

    /// One configured disk: open, or known and not there.
    record Opened(DiskConfig config, DiskId id, Optional<Disk> disk, Optional<DiskLabel> label) {
        long sizeBlocks() {
            return disk.map(Disk::sizeBlocks).orElse(config.sizeBytes() / Units.BLOCK_SIZE);
        }
    }

    DiskOpening(ControllerConfig config, AggregateState state, DiskFiles files, Clock clock, Event.Sink events) {
        this.config = config;
        this.state = state;
        this.files = files;
        this.clock = clock;
        this.events = events;
    }

    /// What is done about a disk with which the controller cannot start: a start ends, a look goes on.
    interface Complaints {
        void accept(StartException complaint) throws StartException;
    }

    /// Fails unless the configured disks are those that the aggregate was made of.
    void checkConfig() throws StartException {
        List<String> configured = config.disks().stream().map(DiskConfig::name).toList();
        List<String> known = List.copyOf(state.disks().keySet());
        if (!configured.equals(known)) {
            throw new StartException("disks", "controller " + config.name() + " was made with disks " + known
                    + ", but the configuration names " + configured
                    + "; put the disks back into the configuration, or use another data directory");
        }
    }

    /// Makes the files and their labels. No guest has run on them: what an interrupted first start left is made again.
    List<Opened> create() throws StartException {
        List<DiskId> ids = List.copyOf(state.disks().values());
        List<Long> sizes = config.disks().stream().map(disk -> disk.sizeBytes() / Units.BLOCK_SIZE).toList();
        for (DiskConfig disk : config.disks()) {
            checkSize(disk);
        }
        List<DiskLabel> labels = DiskLabel.create(
                state.aggregateId(), RaidType.MIRROR, ids, sizes, LabelGeneration.first(new SecureRandom()));
        List<Opened> opened = new ArrayList<>();
        try {
            for (int i = 0; i < config.disks().size(); i++) {
                DiskConfig disk = config.disks().get(i);
                Disk file = createOrTakeBlank(disk);
                opened.add(new Opened(disk, ids.get(i), Optional.of(file), Optional.of(labels.get(i))));
                writeLabel(file, labels.get(i));
            }
            for (DiskConfig disk : config.disks()) {
                DataDirectory.syncFolder(parent(disk.file()));
            }
            return opened;
        } catch (IOException e) {
            close(opened);
            throw new StartException(StartException.CONFIGURATION, "the disks of controller " + config.name()
                    + " cannot be made: " + e.getMessage(), e);
        } catch (StartException e) {
            close(opened);
            throw e;
        }
    }

    /// Complains about what `create` would meet; makes nothing. Files that are not there are the caller's to judge.
    void lookBeforeCreate(Complaints complaints) throws StartException {
        for (DiskConfig disk : config.disks()) {
            try {
                checkSize(disk);
                if (Files.exists(disk.file())) {
                    takeBlank(disk).close();
                }
            } catch (IOException e) {
                complaints.accept(new StartException(key(disk), "disk file " + disk.file() + " cannot be used: "
                        + DataDirectory.reason(e) + "; name another file"));
            } catch (StartException e) {
                complaints.accept(e);
            }
        }
    }

    private void checkSize(DiskConfig disk) throws StartException {
        if (disk.sizeBytes() < DiskGeometry.BLOCKS_MIN * Units.BLOCK_SIZE) {
            throw new StartException(key(disk), "disk " + disk.name() + " has " + disk.sizeBytes()
                    + " bytes, the least is " + DiskGeometry.BLOCKS_MIN * Units.BLOCK_SIZE);
        }
    }

    private String key(DiskConfig disk) {
        return "disks[" + config.disks().indexOf(disk) + "].file";
    }

    private static Path parent(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? Path.of("/") : parent;
    }

    private Disk createOrTakeBlank(DiskConfig disk) throws IOException, StartException {
        try {
            return files.create(disk.file(), disk.sizeBytes(), DiskFiles.Use.DISK);
        } catch (PosixException e) {
            if (e.errno() != Errno.EEXIST) {
                throw e;
            }
        }
        return takeBlank(disk);
    }

    private Disk takeBlank(DiskConfig wanted) throws IOException, StartException {
        Disk disk = files.open(wanted.file(), DiskFiles.Use.DISK);
        boolean ours = switch (readLabel(disk)) {
            case LabelRead.Blank() -> true;
            case LabelRead.Valid(DiskLabel label) -> label.aggregateId() == state.aggregateId() && !label.formatted();
            case LabelRead.Corrupt _, LabelRead.Unknown _, LabelRead.TooNew _, LabelRead.TooOld _ -> false;
        };
        if (ours && disk.sizeBytes() >= wanted.sizeBytes()) {
            return disk;
        }
        disk.close();
        throw new StartException(key(wanted), "disk file " + wanted.file() + " exists and "
                + (ours ? "is shorter than " + wanted.sizeBytes() + " bytes" : "holds something else")
                + "; move it away, or name another file");
    }

    /// Opens what is there. A disk that is missing, too short or without a readable label is left out with an event,
    /// as long as another one remains.
    List<Opened> open() throws StartException {
        return open(complaint -> {
            throw complaint;
        });
    }

    /// The same for a look.
    List<Opened> open(Complaints complaints) throws StartException {
        List<Opened> opened = new ArrayList<>();
        try {
            boolean foreign = false;
            for (DiskConfig disk : config.disks()) {
                DiskId id = state.disks().getOrDefault(disk.name(), DiskId.NONE);
                try {
                    opened.add(open(disk, id));
                } catch (StartException e) {
                    complaints.accept(e);
                    foreign = true;
                    opened.add(new Opened(disk, id, Optional.empty(), Optional.empty()));
                }
            }
            if (!foreign && opened.stream().allMatch(disk -> disk.disk().isEmpty())) {
                complaints.accept(new StartException("disks", "no disk of controller " + config.name()
                        + " can be used: " + config.disks().stream().map(disk -> disk.file().toString()).toList()
                        + "; put at least one of the files back"));
            }
            checkTogether(opened, complaints);
            return opened;
        } catch (StartException e) {
            close(opened);
            throw e;
        }
    }

    private Opened open(DiskConfig disk, DiskId id) throws StartException {
        Disk file;
        try {
            file = files.open(disk.file(), DiskFiles.Use.DISK);
        } catch (IOException e) {
            return leftOut(disk, id, e instanceof PosixException posix && posix.errno() == Errno.ENOENT
                    ? "missing" : String.valueOf(e.getMessage()));
        }
        try {
            return judge(disk, id, file);
        } catch (IOException e) {
            file.close();
            return leftOut(disk, id, "label cannot be read: " + e.getMessage());
        } catch (StartException e) {
            file.close();
            throw e;
        }
    }

    private Opened judge(DiskConfig disk, DiskId id, Disk file) throws IOException, StartException {
        switch (readLabel(file)) {
            case LabelRead.Valid(DiskLabel label) -> {
                if (label.aggregateId() != state.aggregateId() || !label.diskId().equals(id)) {
                    throw new StartException(key(disk), "disk file " + disk.file() + " is foreign: it is disk "
                            + label.diskId() + " of aggregate " + Long.toHexString(label.aggregateId())
                            + ", expected is disk " + id + " of aggregate "
                            + Long.toHexString(state.aggregateId()) + "; put the right file there, or move this away");
                }
                if (label.sizeBlocks() > file.sizeBlocks()) {
                    file.close();
                    return leftOut(disk, id, "too short: " + file.sizeBytes() + " bytes");
                }
                return new Opened(disk, id, Optional.of(file), Optional.of(label));
            }
            case LabelRead.Unknown() -> throw new StartException(key(disk), "disk file " + disk.file()
                    + " is foreign: it holds no label of a hearth disk; put the right file there, or move this away");
            case LabelRead.TooNew(int version) -> throw new StartException(key(disk), "disk file " + disk.file()
                    + " has label version " + version + ", written by a later hearth; start it with that one, or"
                    + " put another file there");
            case LabelRead.TooOld(int version) -> throw new StartException(key(disk), "disk file " + disk.file()
                    + " has label version " + version + ", which this hearth cannot read; put another file there");
            case LabelRead.Blank() -> {
                file.close();
                return leftOut(disk, id, "no label");
            }
            case LabelRead.Corrupt(String why) -> {
                file.close();
                return leftOut(disk, id, "label: " + why);
            }
        }
    }

    private Opened leftOut(DiskConfig disk, DiskId id, String why) {
        events.accept(Event.of(clock, "disk.absent", "domain", config.name(), "disk", disk.name(), "file", disk.file(),
                "why", why));
        return new Opened(disk, id, Optional.empty(), Optional.empty());
    }

    /// Two halves that were both written without the other cannot be put together again.
    private static void checkTogether(List<Opened> opened, Complaints complaints) throws StartException {
        for (Opened one : opened) {
            for (Opened other : opened) {
                if (one.label().isPresent() && other.label().isPresent()
                        && livedApart(one.label().get(), other.label().get())) {
                    complaints.accept(new StartException("disks", "disk files " + one.config().file() + " and "
                            + other.config().file() + " were both in use without the other and hold different data; "
                            + "move away the one whose changes are to be given up"));
                    return;
                }
            }
        }
    }

    private static boolean livedApart(DiskLabel one, DiskLabel other) {
        boolean eachAlone = one.states().get(other.position()) == MemberState.MISSING
                && other.states().get(one.position()) == MemberState.MISSING;
        boolean sameNumber = one.generation().number() == other.generation().number()
                && one.generation().id() != other.generation().id();
        boolean notTheNext = one.generation().number() == other.generation().number() + 1
                && one.generation().predecessorId() != other.generation().id();
        return one.position() != other.position() && (eachAlone || sameNumber || notTheNext);
    }

    private static LabelRead readLabel(Disk disk) throws IOException {
        if (disk.sizeBlocks() < 2) {
            return new LabelRead.Corrupt("a disk of " + disk.sizeBytes() + " bytes");
        }
        byte[] front = readBlock(disk, DiskGeometry.FRONT_LABEL_DBN);
        LabelRead first = LabelCodec.decode(front);
        // The back copy's place is the label's to say where the front one can be read: a file may have been extended.
        long back = first instanceof LabelRead.Valid(DiskLabel label) && label.sizeBlocks() <= disk.sizeBlocks()
                ? DiskGeometry.backLabelDbn(label.sizeBlocks()) : DiskGeometry.backLabelDbn(disk.sizeBlocks());
        return LabelCodec.choose(front, readBlock(disk, back));
    }

    private static byte[] readBlock(Disk disk, long dbn) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment block = arena.allocate(LabelLayout.SIZE, Long.BYTES);
            disk.readAt(block, dbn * Units.BLOCK_SIZE);
            return block.toArray(ValueLayout.JAVA_BYTE);
        }
    }

    private static void writeLabel(Disk disk, DiskLabel label) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment block = arena.allocate(LabelLayout.SIZE, Long.BYTES);
            MemorySegment.copy(label.encode(), 0, block, ValueLayout.JAVA_BYTE, 0, LabelLayout.SIZE);
            disk.writeAt(block, DiskGeometry.FRONT_LABEL_DBN * Units.BLOCK_SIZE);
            DeathPoint.stored(StoreGroup.LABEL);
            disk.writeAt(block, DiskGeometry.backLabelDbn(label.sizeBlocks()) * Units.BLOCK_SIZE);
            DeathPoint.stored(StoreGroup.LABEL);
            disk.flush();
            DeathPoint.stored(StoreGroup.LABEL);
        }
    }

    static void close(List<Opened> opened) {
        opened.forEach(disk -> disk.disk().ifPresent(Disk::close));
    }
}
