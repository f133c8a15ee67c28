package hearth.tools;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// How far a long look at disks has come: one line a second on `to`, from the second second on. Any thread.
final class Progress {
    private static final double MEGABYTE = 1e6;
    private static final long EVERY_NS = TimeUnit.SECONDS.toNanos(1);

    private final PrintStream to;
    private final long totalBytes;
    private final long startedNs = System.nanoTime();
    private final AtomicLong readBytes = new AtomicLong();
    private final AtomicLong nextNs = new AtomicLong(startedNs + EVERY_NS);

    /// @param totalBytes about how many there are to read, 0 if nobody knows
    Progress(PrintStream to, long totalBytes) {
        this.to = to;
        this.totalBytes = totalBytes;
    }

    void read(long bytes) {
        long done = readBytes.addAndGet(bytes);
        long now = System.nanoTime();
        long next = nextNs.get();
        if (now - next >= 0 && nextNs.compareAndSet(next, now + EVERY_NS)) {
            double rate = done / seconds();
            if (totalBytes < done) {
                to.printf(Locale.ROOT, "hearth: %,.0f MB read, %,.0f MB/s%n", done / MEGABYTE, rate / MEGABYTE);
            } else {
                to.printf(Locale.ROOT, "hearth: %,.0f of %,.0f MB read (%d%%), %,.0f MB/s, about %.0f s left%n",
                        done / MEGABYTE, totalBytes / MEGABYTE, 100 * done / totalBytes, rate / MEGABYTE,
                        (totalBytes - done) / rate);
            }
        }
    }

    long readBytes() {
        return readBytes.get();
    }

    double seconds() {
        return Math.max(1, System.nanoTime() - startedNs) / 1e9;
    }
}
