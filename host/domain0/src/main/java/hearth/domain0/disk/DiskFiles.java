package hearth.domain0.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

import hearth.base.Check;

/// Opens and makes the files behind disks and journals.
///
/// Tests can put a volatile write cache in front of all of them with the system property
/// `hearth.test.volatile-disks=SEED`, and make flushes do nothing with `hearth.test.ignored-flushes=USE`, to show that
/// each of them is needed: `disk` or `journal`, with `disk:7` only the one numbered 7, with `disk:7-9` three.
/// `hearth.test.power-loss=USE:NUMBER` ends the host when the flush of that number is asked for.
/// `hearth.test.held-writes=USE:SEED:MILLISECONDS` holds writes back, by seed and at most so long.
/// `hearth.test.failing-disk=NAME:FILE` makes writes to the file of this name fail once FILE is there. None is for
/// production.
///
/// @param volatileSeed seed of the volatile cache, empty for none
/// @param ignored flushes that are left out, which takes a volatile cache
/// @param power when it fails, which takes a volatile cache
/// @param held writes that are held back
/// @param failing the file that fails
public record DiskFiles(
        OptionalLong volatileSeed, Optional<Ignored> ignored, PowerSupply power, Optional<Held> held,
        Optional<Failing> failing) {
    static final String VOLATILE_PROPERTY = "hearth.test.volatile-disks";
    static final String IGNORED_PROPERTY = "hearth.test.ignored-flushes";
    static final String POWER_LOSS_PROPERTY = "hearth.test.power-loss";
    static final String HELD_PROPERTY = "hearth.test.held-writes";
    static final String FAILING_PROPERTY = "hearth.test.failing-disk";

    /// What a file is for.
    public enum Use {
        DISK,
        JOURNAL
    }

    /// Flushes that do nothing: of each file of this use those with the numbers `first` to `last`, from 0.
    public record Ignored(Use use, long first, long last) {
        /// `disk`, `disk:7`, `journal:8-20`.
        static Ignored parse(String text) {
            String[] parts = text.split("[:-]");
            Check.that(parts.length <= 3, IGNORED_PROPERTY + " is USE, USE:NUMBER or USE:FIRST-LAST");
            return new Ignored(useOf(parts[0]),
                    parts.length == 1 ? 0 : Long.parseLong(parts[1]),
                    parts.length == 1 ? Long.MAX_VALUE : Long.parseLong(parts[parts.length - 1]));
        }

        boolean has(long number) {
            return first <= number && number <= last;
        }
    }

    /// Writes of the files of one use are held back, each for at most `heldMsMax`; or all that begin while a file is
    /// there, for so long.
    public record Held(Use use, long seed, long heldMsMax, Optional<Path> during) {
        static Held parse(String text) {
            String[] parts = text.split(":");
            Check.that(parts.length == 3 || parts.length == 4, HELD_PROPERTY + " is USE:SEED:MILLISECONDS[:FILE]");
            return new Held(useOf(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]),
                    parts.length == 4 ? Optional.of(Path.of(parts[3])) : Optional.empty());
        }
    }

    /// Writes to the file called `name` fail once the file `once` is there.
    public record Failing(String name, Path once) {
        static Failing parse(String text) {
            String[] parts = text.split(":");
            Check.that(parts.length == 2, FAILING_PROPERTY + " is NAME:FILE");
            return new Failing(parts[0], Path.of(parts[1]));
        }
    }

    private static Use useOf(String text) {
        return Use.valueOf(text.toUpperCase(Locale.ROOT));
    }

    /// Plain files.
    public static final DiskFiles PLAIN = new DiskFiles(
            OptionalLong.empty(), Optional.empty(), PowerSupply.steady(), Optional.empty(), Optional.empty());

    /// As the system properties say; plain files without them.
    public static DiskFiles fromSystemProperties() {
        Long seed = Long.getLong(VOLATILE_PROPERTY);
        String ignored = System.getProperty(IGNORED_PROPERTY);
        return new DiskFiles(seed == null ? OptionalLong.empty() : OptionalLong.of(seed),
                ignored == null ? Optional.empty() : Optional.of(Ignored.parse(ignored)),
                powerAsAsked(),
                Optional.ofNullable(System.getProperty(HELD_PROPERTY)).map(Held::parse),
                Optional.ofNullable(System.getProperty(FAILING_PROPERTY)).map(Failing::parse));
    }

    private static PowerSupply powerAsAsked() {
        String loss = System.getProperty(POWER_LOSS_PROPERTY);
        if (loss == null) {
            return PowerSupply.steady();
        }
        String[] parts = loss.split(":");
        Check.that(parts.length == 2, POWER_LOSS_PROPERTY + " is USE:NUMBER");
        return PowerSupply.failingAt(useOf(parts[0]), Long.parseLong(parts[1]));
    }

    /// Opens what is there.
    public Disk open(Path path, Use use) throws IOException {
        return wrap(forUse(FileDisk.open(path), use), path, use);
    }

    /// Makes a new file, sparse for a disk, with all its space taken for a journal; fails when there is one already.
    public Disk create(Path path, long sizeBytes, Use use) throws IOException {
        FileDisk file = switch (use) {
            case DISK -> FileDisk.create(path, sizeBytes);
            case JOURNAL -> FileDisk.createAllocated(path, sizeBytes);
        };
        return wrap(forUse(file, use), path, use);
    }

    private static FileDisk forUse(FileDisk file, Use use) throws IOException {
        // A journal's entries are no whole blocks.
        if (use == Use.JOURNAL) {
            return file;
        }
        try {
            return file.withDirectWrites();
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private Disk wrap(FileDisk opened, Path path, Use use) {
        Disk plain = failing.filter(one -> path.endsWith(one.name()))
                .<Disk>map(one -> new FailingDisk(opened, one.once()))
                .orElse(opened);
        Disk file = held.filter(writes -> writes.use() == use)
                .<Disk>map(writes -> new HeldDisk(plain, writes.heldMsMax(),
                        writes.seed() * 31 + path.getFileName().toString().hashCode(), writes.during()))
                .orElse(plain);
        if (volatileSeed.isEmpty()) {
            return file;
        }
        // Each file its own sequence: two halves of a mirror do not lose the same blocks.
        long seed = volatileSeed.getAsLong() * 31 + path.getFileName().toString().hashCode();
        var disk = new VolatileDisk(file, VolatileDisk.Temper.of(volatileSeed.getAsLong()), seed,
                ignored.filter(flushes -> flushes.use() == use), power.of(use));
        power.feeds(disk);
        return disk;
    }
}
