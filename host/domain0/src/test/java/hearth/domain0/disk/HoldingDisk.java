package hearth.domain0.disk;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/// A disk whose next requests of a kind hang until they are let go, or fail.
final class HoldingDisk implements Disk {
    private final Disk below;
    private final Semaphore held = new Semaphore(0);
    private volatile CountDownLatch readGate = new CountDownLatch(0);
    private volatile CountDownLatch writeGate = new CountDownLatch(0);
    private volatile boolean flushFails;

    HoldingDisk(Disk below) {
        this.below = below;
    }

    CountDownLatch holdReads() {
        readGate = new CountDownLatch(1);
        return readGate;
    }

    CountDownLatch holdWrites() {
        writeGate = new CountDownLatch(1);
        return writeGate;
    }

    void failFlushes() {
        flushFails = true;
    }

    /// Waits until so many requests hang.
    void awaitHeld(int requests) {
        held.acquireUninterruptibly(requests);
    }

    private void pass(CountDownLatch gate) throws IOException {
        if (gate.getCount() > 0) {
            held.release();
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    @Override
    public long readAt(MemorySegment to, long offsetBytes) throws IOException {
        pass(readGate);
        return below.readAt(to, offsetBytes);
    }

    @Override
    public void writeAt(MemorySegment from, long offsetBytes) throws IOException {
        pass(writeGate);
        below.writeAt(from, offsetBytes);
    }

    @Override
    public void flush() throws IOException {
        if (flushFails) {
            throw new IOException("flush fails");
        }
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
}
