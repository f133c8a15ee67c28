package hearth.domain0.disk;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantReadWriteLock;

import hearth.base.Units;
import hearth.base.posix.Descriptors;
import hearth.base.posix.Errno;
import hearth.base.posix.PosixException;

/// A disk in a file or a block device. Reads go through the kernel's page cache, which is its driver cache. Whole
/// blocks of a disk `withDirectWrites` go past it: whoever wrote them has them, and copying them into the page cache
/// costs more processor time than all else that a write does. The kernel drops what it caches of a place that is
/// written so.
public final class FileDisk implements Disk {
    private static final int NONE = -1;

    private final Path path;
    private final int fd;
    private final long sizeBytes;
    // Of the same file with O_DIRECT; NONE where all writes are buffered.
    private volatile int directFd = NONE;
    // A descriptor number is reused as soon as it is closed, so close waits for the calls that run.
    private final ReentrantReadWriteLock open = new ReentrantReadWriteLock();
    private boolean closed;
    private volatile int failedFlushErrno;

    private FileDisk(Path path, int fd, long sizeBytes) {
        this.path = path;
        this.fd = fd;
        this.sizeBytes = sizeBytes;
    }

    /// Opens an existing file. ENOENT and EACCES tell an absent disk from a forbidden one.
    public static FileDisk open(Path path) throws PosixException {
        int fd = Descriptors.open(path, Descriptors.O_RDWR, 0);
        try {
            return new FileDisk(path, fd, Descriptors.sizeOf(fd));
        } catch (PosixException e) {
            Descriptors.close(fd);
            throw e;
        }
    }

    /// The same disk, from here on with direct writes where the file system has them. Before the first write.
    public FileDisk withDirectWrites() throws PosixException {
        try {
            directFd = Descriptors.open(path, Descriptors.O_WRONLY | Descriptors.O_DIRECT, 0);
        } catch (PosixException e) {
            if (e.errno() != Errno.EINVAL) {
                throw e;
            }
        }
        return this;
    }

    /// Makes a new sparse file of this size. EEXIST when there is one already: nobody's data is overwritten.
    public static FileDisk create(Path path, long sizeBytes) throws PosixException {
        return create(path, sizeBytes, false);
    }

    /// The same with every byte's place taken, so that no later write can fail for want of space.
    public static FileDisk createAllocated(Path path, long sizeBytes) throws PosixException {
        return create(path, sizeBytes, true);
    }

    private static FileDisk create(Path path, long sizeBytes, boolean allocated) throws PosixException {
        int fd = Descriptors.open(path, Descriptors.O_RDWR | Descriptors.O_CREAT | Descriptors.O_EXCL, 0600);
        try {
            if (allocated) {
                Descriptors.allocate(fd, sizeBytes);
            } else {
                Descriptors.truncate(fd, sizeBytes);
            }
            return new FileDisk(path, fd, sizeBytes);
        } catch (PosixException e) {
            Descriptors.close(fd);
            throw e;
        }
    }

    @Override
    public long readAt(MemorySegment to, long offsetBytes) throws PosixException {
        open.readLock().lock();
        try {
            checkOpen();
            return Descriptors.readAt(fd, to, offsetBytes);
        } finally {
            open.readLock().unlock();
        }
    }

    @Override
    public void writeAt(MemorySegment from, long offsetBytes) throws IOException {
        open.readLock().lock();
        try {
            checkOpen();
            checkFlushes();
            if (offsetBytes < 0 || offsetBytes + from.byteSize() > sizeBytes) {
                throw new PosixException("pwrite64", Errno.EINVAL, path + " beyond its end");
            }
            if (!wroteDirect(from, offsetBytes)) {
                Descriptors.writeAt(fd, from, offsetBytes);
            }
        } finally {
            open.readLock().unlock();
        }
    }

    /// False: nothing was written, the bytes have to go through the page cache.
    private boolean wroteDirect(MemorySegment from, long offsetBytes) throws PosixException {
        int direct = directFd;
        boolean wholeBlocks = (from.address() | from.byteSize() | offsetBytes) % Units.BLOCK_SIZE == 0;
        if (direct == NONE || !from.isNative() || !wholeBlocks) {
            return false;
        }
        try {
            Descriptors.writeAt(direct, from, offsetBytes);
            return true;
        } catch (PosixException e) {
            if (e.errno() != Errno.EINVAL) {
                throw e;
            }
            // A device with larger blocks than ours.
            return false;
        }
    }

    @Override
    public void flush() throws PosixException {
        open.readLock().lock();
        try {
            checkOpen();
            checkFlushes();
            Descriptors.syncData(fd);
        } catch (PosixException e) {
            failedFlushErrno = e.errno();
            throw e;
        } finally {
            open.readLock().unlock();
        }
    }

    private void checkOpen() throws PosixException {
        if (closed) {
            throw new PosixException("closed", Errno.EBADF, path.toString());
        }
    }

    private void checkFlushes() throws PosixException {
        int errno = failedFlushErrno;
        if (errno != 0) {
            throw new PosixException("fdatasync (earlier)", errno, path.toString());
        }
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    /// Asks the kernel to forget what it caches of the file; for tests and measurements of a cold driver cache.
    public void dropDriverCache() throws PosixException {
        Descriptors.syncData(fd);
        Descriptors.dropPageCache(fd);
    }

    @Override
    public void close() {
        open.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                Descriptors.close(fd);
                if (directFd != NONE) {
                    Descriptors.close(directFd);
                }
            }
        } finally {
            open.writeLock().unlock();
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
