package hearth.domain0.disk;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A disk whose writes take their time, for tests only: each is held back for a while that a seed chooses, so that they
/// end out of order and many are in flight when a guest dies. Reads and flushes pass.
final class HeldDisk implements Disk {
    /// Of so many writes one is held for the whole time, the others for a part that is mostly short.
    private static final int LONG_ONE_IN = 2;

    private final Disk below;
    private final long heldNsMax;
    private final Random random;

    HeldDisk(Disk below, long heldMsMax, long seed) {
        this.below = below;
        this.heldNsMax = TimeUnit.MILLISECONDS.toNanos(heldMsMax);
        random = new Random(seed);
    }

    private synchronized long nextHoldNs() {
        double part = random.nextDouble();
        return random.nextInt(LONG_ONE_IN) == 0 ? heldNsMax : (long) (heldNsMax * part * part * part);
    }

    @Override
    public void writeAt(MemorySegment from, long offsetBytes) throws IOException {
        long endNs = System.nanoTime() + nextHoldNs();
        for (long leftNs = endNs - System.nanoTime(); leftNs > 0; leftNs = endNs - System.nanoTime()) {
            LockSupport.parkNanos(leftNs);
        }
        below.writeAt(from, offsetBytes);
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
