package hearth.base.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import hearth.base.Check;

/// Files and what all descriptors have in common. Reads and writes of files and `syncData` block: platform threads.
public final class Descriptors {
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0x40;
    public static final int O_EXCL = 0x80;
    public static final int O_TRUNC = 0x200;
    public static final int O_APPEND = 0x400;
    public static final int O_DSYNC = 0x1000;
    public static final int O_DIRECT = 0x4000;
    public static final int O_DIRECTORY = 0x10000;
    public static final int O_NOFOLLOW = 0x20000;
    public static final int O_PATH = 0x200000;

    private static final int O_CLOEXEC = 0x80000;
    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int CLOSE = 3;
    private static final int FSTAT = 5;
    private static final int IOCTL = 16;
    private static final int PREAD64 = 17;
    private static final int PWRITE64 = 18;
    private static final int DUP2 = 33;
    private static final int FCNTL = 72;
    private static final int FLOCK = 73;
    private static final int FDATASYNC = 75;
    private static final int FTRUNCATE = 77;
    private static final int FADVISE64 = 221;
    private static final int OPENAT = 257;
    private static final int FALLOCATE = 285;
    private static final int AT_FDCWD = -100;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final int FADV_DONTNEED = 4;
    private static final int STAT_SIZE = 144;
    private static final int STAT_MODE_OFFSET = 24;
    private static final int STAT_SIZE_OFFSET = 48;
    private static final int STAT_BLOCKS_OFFSET = 64;
    private static final int STAT_BLOCK_SIZE = 512;
    private static final int S_IFMT = 0xF000;
    private static final int S_IFBLK = 0x6000;
    private static final long BLKGETSIZE64 = 0x80081272L;

    private Descriptors() {}

    /// Gives the descriptor back. It is free whatever the kernel answers, so a failure is only a late report about the
    /// file behind it and is thrown for a bad descriptor alone, which is a bug.
    public static void close(int fd) {
        try (SystemCall call = SystemCall.take()) {
            long done = call.call(CLOSE, fd, 0, 0, 0, 0);
            Check.that(done == 0 || call.errno() != Errno.EBADF, "closed a descriptor that is not open", fd);
        }
    }

    /// A second descriptor for the same open file.
    public static int duplicate(int fd) throws PosixException {
        return duplicateFrom(fd, 0);
    }

    /// The same, with a number of at least `lowest`.
    public static int duplicateFrom(int fd, int lowest) throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            return (int) call.orThrow(call.call(FCNTL, fd, F_DUPFD_CLOEXEC, lowest, 0, 0), "fcntl(F_DUPFD_CLOEXEC)");
        }
    }

    /// Makes the number `at` stand for the same open file as `fd`, whatever it stood for before. Programs that this one
    /// starts inherit it.
    public static void replace(int at, int fd) throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            long done;
            do {
                done = call.call(DUP2, fd, at, 0, 0, 0);
            } while (call.interrupted(done));
            call.orThrow(done, "dup2");
        }
    }

    /// Opens a path; `flags` of the `O_` constants, close-on-exec is added; `mode` counts with `O_CREAT`.
    public static int open(Path path, int flags, int mode) throws PosixException {
        byte[] pathBytes = path.toString().getBytes(StandardCharsets.UTF_8);
        if (pathBytes.length >= SystemCall.SCRATCH_SIZE) {
            throw new PosixException("openat", Errno.ENAMETOOLONG, path.toString());
        }
        try (SystemCall call = SystemCall.take()) {
            MemorySegment text = call.cleared(pathBytes.length + 1L);
            MemorySegment.copy(pathBytes, 0, text, ValueLayout.JAVA_BYTE, 0, pathBytes.length);
            long fd;
            do {
                fd = call.call(OPENAT, AT_FDCWD, text, flags | O_CLOEXEC, mode, 0, 0);
            } while (call.interrupted(fd));
            if (fd == -1) {
                throw new PosixException("openat", call.errno(), path.toString());
            }
            return (int) fd;
        }
    }

    /// One `read`: bytes read, possibly fewer than fit, 0 at the end.
    public static long read(int fd, MemorySegment to) throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            long done;
            do {
                done = call.call(READ, fd, to, to.byteSize(), 0, 0, 0);
            } while (call.interrupted(done));
            return call.orThrow(done, "read");
        }
    }

    /// One `write`: bytes written, possibly fewer than given.
    public static long write(int fd, MemorySegment from) throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            long done;
            do {
                done = call.call(WRITE, fd, from, from.byteSize(), 0, 0, 0);
            } while (call.interrupted(done));
            return call.orThrow(done, "write");
        }
    }

    /// Reads at `offset` until the segment is full or the file ends: a smaller count means the end.
    public static long readAt(int fd, MemorySegment to, long offset) throws PosixException {
        long total = 0;
        try (SystemCall call = SystemCall.take()) {
            while (total < to.byteSize()) {
                long done = call.call(PREAD64, fd, to.asSlice(total), to.byteSize() - total, offset + total, 0, 0);
                if (call.interrupted(done)) {
                    continue;
                }
                if (call.orThrow(done, "pread64") == 0) {
                    break;
                }
                total += done;
            }
        }
        return total;
    }

    /// Writes the whole segment at `offset`; returns its size. After a failure any prefix may stand in the file.
    public static long writeAt(int fd, MemorySegment from, long offset) throws PosixException {
        long total = 0;
        try (SystemCall call = SystemCall.take()) {
            while (total < from.byteSize()) {
                long done = call.call(PWRITE64, fd, from.asSlice(total), from.byteSize() - total, offset + total, 0, 0);
                if (call.interrupted(done)) {
                    continue;
                }
                if (call.orThrow(done, "pwrite64") == 0) {
                    throw new PosixException("pwrite64", Errno.ENOSPC);
                }
                total += done;
            }
        }
        return total;
    }

    /// Makes what was written durable, with the size it needs. A failure is final: the kernel forgets what it could
    /// not write, so a second call that succeeds proves nothing.
    public static void syncData(int fd) throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            long done;
            do {
                done = call.call(FDATASYNC, fd, 0, 0, 0, 0);
            } while (call.interrupted(done));
            call.orThrow(done, "fdatasync");
        }
    }

    /// Sets the file's size; what is new reads as zeros and takes no space yet.
    public static void truncate(int fd, long sizeBytes) throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            call.orThrow(call.call(FTRUNCATE, fd, sizeBytes, 0, 0, 0), "ftruncate");
        }
    }

    /// Takes space for the file's first `sizeBytes`, so that no write among them can fail for want of it; grows the
    /// file to that size. ENOSPC when there is not enough.
    public static void allocate(int fd, long sizeBytes) throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            long done;
            do {
                done = call.call(FALLOCATE, fd, 0, 0, sizeBytes, 0);
            } while (call.interrupted(done));
            call.orThrow(done, "fallocate");
        }
    }

    /// Takes the file's exclusive lock if nobody has it. It ends with the last descriptor of this open file, so also
    /// with the process, however it dies.
    public static boolean lockExclusive(int fd) throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            long done;
            do {
                done = call.call(FLOCK, fd, LOCK_EX | LOCK_NB, 0, 0, 0);
            } while (call.interrupted(done));
            if (done == -1 && call.errno() == Errno.EAGAIN) {
                return false;
            }
            call.orThrow(done, "flock");
            return true;
        }
    }

    /// Asks the kernel to forget what it caches of the file. Dirty pages stay: sync first.
    public static void dropPageCache(int fd) throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            call.orThrow(call.call(FADVISE64, fd, 0, 0, FADV_DONTNEED, 0), "fadvise64");
        }
    }

    /// Bytes that the file takes of its disk, which a sparse one has fewer of than its size.
    public static long allocatedBytes(int fd) throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            MemorySegment stat = call.cleared(STAT_SIZE);
            call.orThrow(call.call(FSTAT, fd, stat, 0, 0, 0, 0), "fstat");
            return stat.get(ValueLayout.JAVA_LONG, STAT_BLOCKS_OFFSET) * STAT_BLOCK_SIZE;
        }
    }

    /// Bytes of the file or of the block device.
    public static long sizeOf(int fd) throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            MemorySegment stat = call.cleared(STAT_SIZE);
            call.orThrow(call.call(FSTAT, fd, stat, 0, 0, 0, 0), "fstat");
            if ((stat.get(ValueLayout.JAVA_INT, STAT_MODE_OFFSET) & S_IFMT) != S_IFBLK) {
                return stat.get(ValueLayout.JAVA_LONG, STAT_SIZE_OFFSET);
            }
            call.orThrow(call.call(IOCTL, fd, BLKGETSIZE64, stat.address(), 0, 0), "ioctl(BLKGETSIZE64)");
            return stat.get(ValueLayout.JAVA_LONG, 0);
        }
    }
}
