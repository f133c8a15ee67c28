package hearth.memory.region;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Locale;
import java.util.random.RandomGenerator;

import hearth.base.posix.Descriptors;
import hearth.base.posix.MemoryFiles;
import hearth.memory.cache.CacheMemory;

/// Domain 0 makes a region: creates the files, allocates every page, fixes their sizes, writes their headers, and
/// closes `control` to everyone else's stores. No guest exists yet, so nothing here can be torn for anyone.
public final class RegionMaker {
    private RegionMaker() {}

    /// A new region of zeros with an instance from `random`, which should be a cryptographic one. Takes time in
    /// proportion to the size; fails when the memory is not there.
    public static Region make(String domain, RegionGeometry geometry, RandomGenerator random) throws IOException {
        FileKind[] kinds = FileKind.values();
        int[] fds = new int[kinds.length];
        MemorySegment[] files = new MemorySegment[kinds.length];
        Arrays.fill(fds, -1);
        long instance = notZero(random);
        FileHeader header = new FileHeader(FileKind.CONTROL, instance, domain, geometry);
        try {
            for (FileKind kind : kinds) {
                long sizeBytes = geometry.fileBytes(kind);
                String name = "hearth-" + domain + "-" + kind.name().toLowerCase(Locale.ROOT);
                int fd = MemoryFiles.create(name, sizeBytes);
                fds[kind.ordinal()] = fd;
                MemoryFiles.sealSize(fd);
                files[kind.ordinal()] = MemoryFiles.map(fd, sizeBytes, true);
                byte[] page = new FileHeader(kind, instance, domain, geometry).encode();
                MemorySegment.copy(page, 0, files[kind.ordinal()], ValueLayout.JAVA_BYTE, 0, page.length);
            }
            Region region = new Region(fds, files, header);
            fill(region, random);
            MemoryFiles.sealFutureWrite(fds[FileKind.CONTROL.ordinal()]);
            return region;
        } catch (IOException e) {
            release(fds, files);
            throw e;
        }
    }

    private static void fill(Region region, RandomGenerator random) {
        ControlPage control = region.control();
        control.hostCounters().reset(region.instance());
        control.setEpoch(1);
        region.guestCounters().reset(region.instance());
        region.verifier().setSeed(notZero(random));
        CacheMemory.format(region.file(FileKind.CACHE), region.geometry().cachePlan());
        control.setInstance(region.instance());
    }

    private static long notZero(RandomGenerator random) {
        long value = random.nextLong();
        return value == 0 ? 1 : value;
    }

    private static void release(int[] fds, MemorySegment[] files) throws IOException {
        for (int i = 0; i < fds.length; i++) {
            MemorySegment file = files[i];
            if (file != null) {
                MemoryFiles.unmap(file);
            }
            if (fds[i] >= 0) {
                Descriptors.close(fds[i]);
            }
        }
    }
}
