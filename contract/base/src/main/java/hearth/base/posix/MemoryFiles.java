package hearth.base.posix;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import hearth.base.Check;
import hearth.base.Units;

/// Memory that outlives the processes which map it: memfds, fully allocated and sealed. A mapping whose file shrank
/// kills a JVM by SIGBUS, so nobody maps a file that is not sealed against it.
public final class MemoryFiles {
    private static final int MEMFD_CREATE = 319;
    private static final int FTRUNCATE = 77;
    private static final int FALLOCATE = 285;
    private static final int FCNTL = 72;
    private static final int MMAP = 9;
    private static final int MUNMAP = 11;
    private static final int MADVISE = 28;

    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_ALLOW_SEALING = 2;
    private static final int MFD_NOEXEC_SEAL = 8;
    private static final int F_ADD_SEALS = 1033;
    private static final int F_SEAL_SHRINK = 2;
    private static final int F_SEAL_GROW = 4;
    private static final int F_SEAL_FUTURE_WRITE = 16;
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_SHARED = 1;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_FIXED = 0x10;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int MAP_NORESERVE = 0x4000;
    private static final int MADV_DONTDUMP = 16;
    private static final int MADV_POPULATE_WRITE = 23;
    private static final int MADV_COLLAPSE = 25;
    private static final int NAME_BYTES_MAX = 249;

    private MemoryFiles() {}

    /// A new memory file of `sizeBytes` zero bytes, every page of it allocated, so that no later store can fail for
    /// want of memory. Takes time in proportion to the size. `name` is for people who read /proc.
    public static int create(String name, long sizeBytes) throws PosixException {
        Check.that(sizeBytes > 0, "a memory file needs a size", sizeBytes);
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        Check.that(nameBytes.length <= NAME_BYTES_MAX, "memory file name is too long", nameBytes.length);
        try (SystemCall call = SystemCall.take()) {
            MemorySegment text = call.cleared(nameBytes.length + 1L);
            MemorySegment.copy(nameBytes, 0, text, ValueLayout.JAVA_BYTE, 0, nameBytes.length);
            int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
            long fd = call.call(MEMFD_CREATE, text.address(), flags | MFD_NOEXEC_SEAL, 0, 0, 0);
            if (fd == -1 && call.errno() == Errno.EINVAL) {
                fd = call.call(MEMFD_CREATE, text.address(), flags, 0, 0, 0);
            }
            call.orThrow(fd, "memfd_create");
            try {
                call.orThrow(call.call(FTRUNCATE, fd, sizeBytes, 0, 0, 0), "ftruncate");
                long done;
                do {
                    done = call.call(FALLOCATE, fd, 0, 0, sizeBytes, 0);
                } while (call.interrupted(done));
                call.orThrow(done, "fallocate");
            } catch (PosixException e) {
                Descriptors.close((int) fd);
                throw e;
            }
            return (int) fd;
        }
    }

    /// Fixes the size for good. Further seals stay possible.
    public static void sealSize(int fd) throws PosixException {
        addSeals(fd, F_SEAL_SHRINK | F_SEAL_GROW);
    }

    /// From now on nobody can write by descriptor or make a new writable mapping; writable mappings made before stay.
    public static void sealFutureWrite(int fd) throws PosixException {
        addSeals(fd, F_SEAL_FUTURE_WRITE);
    }

    private static void addSeals(int fd, int seals) throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            call.orThrow(call.call(FCNTL, fd, F_ADD_SEALS, seals, 0, 0), "fcntl(F_ADD_SEALS)");
        }
    }

    /// Maps the file's first `sizeBytes` shared, at an address that is a multiple of the huge page size, and keeps it
    /// out of core dumps. The segment is valid in every thread until `unmap`; using it afterwards is a crash, so the
    /// owner of a mapping hands out no segment. A mapping that is not writable gives a read-only segment.
    @SuppressWarnings("restricted") // the length is the mapping's own
    public static MemorySegment map(int fd, long sizeBytes, boolean writable) throws PosixException {
        Check.that(sizeBytes > 0, "a mapping needs a size", sizeBytes);
        long lengthBytes = Units.roundUp(sizeBytes, Units.BLOCK_SIZE);
        try (SystemCall call = SystemCall.take()) {
            long reservedBytes = lengthBytes + Units.HUGE_PAGE_SIZE;
            long reserved = call.orThrow(
                    call.call(MMAP, 0, reservedBytes, 0, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0), "mmap");
            long start = Units.roundUp(reserved, Units.HUGE_PAGE_SIZE);
            int protection = writable ? PROT_READ | PROT_WRITE : PROT_READ;
            long mapped = call.call(MMAP, start, lengthBytes, protection, MAP_SHARED | MAP_FIXED, fd, 0);
            if (mapped == -1) {
                int errno = call.errno();
                release(call, reserved, reservedBytes);
                throw new PosixException("mmap", errno);
            }
            release(call, reserved, start - reserved);
            release(call, start + lengthBytes, reserved + reservedBytes - start - lengthBytes);
            call.orThrow(call.call(MADVISE, start, lengthBytes, MADV_DONTDUMP, 0, 0), "madvise(MADV_DONTDUMP)");
            MemorySegment segment = MemorySegment.ofAddress(start).reinterpret(sizeBytes);
            return writable ? segment : segment.asReadOnly();
        }
    }

    private static void release(SystemCall call, long address, long bytes) throws PosixException {
        if (bytes > 0) {
            call.orThrow(call.call(MUNMAP, address, bytes, 0, 0, 0), "munmap");
        }
    }

    /// Ends a mapping made by `map`. No thread may use the segment or a slice of it from here on.
    public static void unmap(MemorySegment mapping) throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            release(call, mapping.address(), Units.roundUp(mapping.byteSize(), Units.BLOCK_SIZE));
        }
    }

    /// Makes huge pages of a populated piece whose address and size are multiples of the huge page size. False when
    /// the kernel cannot, now or at all: no free huge page, busy pages, no support. Blocks for milliseconds a piece.
    public static boolean collapse(MemorySegment hugePage) {
        Check.that(hugePage.address() % Units.HUGE_PAGE_SIZE == 0 && hugePage.byteSize() % Units.HUGE_PAGE_SIZE == 0,
                "collapse works on whole huge pages", hugePage.address(), hugePage.byteSize());
        try (SystemCall call = SystemCall.take()) {
            return call.call(MADVISE, hugePage.address(), hugePage.byteSize(), MADV_COLLAPSE, 0, 0) == 0;
        }
    }

    /// Brings every page of a writable mapping into this process's page table, so that first stores do not fault.
    public static void populate(MemorySegment mapping) throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            long done;
            do {
                done = call.call(MADVISE, mapping.address(), Units.roundUp(mapping.byteSize(), Units.BLOCK_SIZE),
                        MADV_POPULATE_WRITE, 0, 0);
            } while (call.interrupted(done));
            call.orThrow(done, "madvise(MADV_POPULATE_WRITE)");
        }
    }

    /// Bytes of the mapping that this process reaches through huge pages. Reads /proc/self/smaps.
    public static long hugeBytes(MemorySegment mapping) throws IOException {
        long start = mapping.address();
        long end = start + mapping.byteSize();
        long hugeKib = 0;
        boolean inside = false;
        try (BufferedReader lines = Files.newBufferedReader(Path.of("/proc/self/smaps"), StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int dash = line.indexOf('-');
                int blank = line.indexOf(' ');
                if (dash > 0 && dash < blank) {
                    long first = Long.parseUnsignedLong(line, 0, dash, 16);
                    long last = Long.parseUnsignedLong(line, dash + 1, blank, 16);
                    inside = Long.compareUnsigned(first, end) < 0 && Long.compareUnsigned(last, start) > 0;
                } else if (inside && (line.startsWith("ShmemPmdMapped:") || line.startsWith("FilePmdMapped:"))) {
                    String[] words = line.split("\\s+");
                    hugeKib += Long.parseLong(words[1]);
                }
            }
        }
        return hugeKib * Units.KIB;
    }
}
