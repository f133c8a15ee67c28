package hearth.domain0.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import hearth.base.Units;

/// A disk whose writes take their time, for tests only: each is held back for a while that a seed chooses, so that they
/// end out of order and many are in flight when a guest dies. Its bytes are those of the moment at which it was asked.
/// Reads and flushes pass.
final class HeldDisk implements Disk {
    /// Of so many writes one is held for the whole time, the others for a part that is mostly short.
    private static final int LONG_ONE_IN = 2;

    private final Disk below;
    private final long heldNsMax;
    private final Random random;
    private final Optional<Path> during;

    HeldDisk(Disk below, long heldMsMax, long seed) {
        this(below, heldMsMax, seed, Optional.empty());
    }

    /// @param during if given, the writes that begin while this file is there are held, each for the whole time
    HeldDisk(Disk below, long heldMsMax, long seed, Optional<Path> during) {
        this.below = below;
        this.heldNsMax = TimeUnit.MILLISECONDS.toNanos(heldMsMax);
        this.during = during;
        random = new Random(seed);
    }

    private synchronized long nextHoldNs() {
        if (during.isPresent()) {
            return Files.exists(during.get()) ? heldNsMax : 0;
        }
        double part = random.nextDouble();
        return random.nextInt(LONG_ONE_IN) == 0 ? heldNsMax : (long) (heldNsMax * part * part * part);
    }

    @Override
    public void writeAt(MemorySegment from, long offsetBytes) throws IOException {
        // As a disk that has taken the bytes: who uses the memory again changes nothing of what is written.
        MemorySegment taken = Arena.ofAuto().allocate(from.byteSize(), Units.BLOCK_SIZE).copyFrom(from);
        long endNs = System.nanoTime() + nextHoldNs();
        for (long leftNs = endNs - System.nanoTime(); leftNs > 0; leftNs = endNs - System.nanoTime()) {
            LockSupport.parkNanos(leftNs);
        }
        below.writeAt(taken, offsetBytes);
    }

    @Override
    public long readAt(MemorySegment to, long offsetBytes) throws IOException {
        return below.readAt(to, offsetBytes);
    }

    @Override
    public void flush() throws IOException {
        below.flush();
    }

    @Override
    public long sizeBytes() {
        return below.sizeBytes();
    }

    @Override
    public void close() {
        below.close();
    }

    @Override
    public String toString() {
        return below.toString();
    }
}
