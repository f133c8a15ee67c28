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
/// each of them is needed: `disk` or `journal`, and with `disk:1/3` only every third of each disk, from its second on.
/// Neither is for production.
///
/// @param volatileSeed seed of the volatile cache, empty for none
/// @param ignored flushes that are left out, which takes a volatile cache
public record DiskFiles(OptionalLong volatileSeed, Optional<Ignored> ignored) {
    static final String VOLATILE_PROPERTY = "hearth.test.volatile-disks";
    static final String IGNORED_PROPERTY = "hearth.test.ignored-flushes";

    /// What a file is for.
    public enum Use {
        DISK,
        JOURNAL
    }

    /// Flushes that do nothing: of each file of this use those whose number, from 0, is `phase` modulo `period`.
    public record Ignored(Use use, int phase, int period) {
        public Ignored {
            Check.that(period > 0 && phase >= 0 && phase < period, "no such flushes", phase, period);
        }

        /// `disk`, `journal:0/2`.
        static Ignored parse(String text) {
            String[] parts = text.split("[:/]");
            Check.that(parts.length == 1 || parts.length == 3, IGNORED_PROPERTY + " is USE or USE:PHASE/PERIOD");
            return new Ignored(Use.valueOf(parts[0].toUpperCase(Locale.ROOT)),
                    parts.length == 1 ? 0 : Integer.parseInt(parts[1]),
                    parts.length == 1 ? 1 : Integer.parseInt(parts[2]));
        }
    }

    /// Plain files.
    public static final DiskFiles PLAIN = new DiskFiles(OptionalLong.empty(), Optional.empty());

    /// As the system properties say; plain files without them.
    public static DiskFiles fromSystemProperties() {
        Long seed = Long.getLong(VOLATILE_PROPERTY);
        String ignored = System.getProperty(IGNORED_PROPERTY);
        return new DiskFiles(seed == null ? OptionalLong.empty() : OptionalLong.of(seed),
                ignored == null ? Optional.empty() : Optional.of(Ignored.parse(ignored)));
    }

    /// Opens what is there.
    public Disk open(Path path, Use use) throws IOException {
        return wrap(FileDisk.open(path), path, use);
    }

    /// Makes a new file, sparse for a disk, with all its space taken for a journal; fails when there is one already.
    public Disk create(Path path, long sizeBytes, Use use) throws IOException {
        FileDisk file = switch (use) {
            case DISK -> FileDisk.create(path, sizeBytes);
            case JOURNAL -> FileDisk.createAllocated(path, sizeBytes);
        };
        return wrap(file, path, use);
    }

    private Disk wrap(Disk file, Path path, Use use) {
        if (volatileSeed.isEmpty()) {
            return file;
        }
        // Each file its own sequence: two halves of a mirror do not lose the same blocks.
        long seed = volatileSeed.getAsLong() * 31 + path.getFileName().toString().hashCode();
        return new VolatileDisk(file, seed, ignored.filter(flushes -> flushes.use() == use));
    }
}
