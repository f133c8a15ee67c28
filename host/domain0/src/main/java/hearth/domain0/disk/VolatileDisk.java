package hearth.domain0.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

import hearth.base.Check;
import hearth.base.Units;

/// A disk with a volatile write cache, for tests only: what is not flushed lives in this process's heap, so that a
/// `kill -9` of domain 0 is a power loss. By seed some of it reaches the disk before its flush, out of order, block by
/// block, and now and then torn between its 512-byte sectors; a sector is never torn. A reader here always sees what
/// was written last; only the disk below may lack it.
public final class VolatileDisk implements Disk {
    private static final int SECTOR_SIZE = 512;
    private static final int SECTORS = Units.BLOCK_SIZE / SECTOR_SIZE;
    private static final int ALL_SECTORS = (1 << SECTORS) - 1;

    /// Blocks that the cache holds; a further one pushes another out to the disk, as a real cache does.
    static final int PENDING_BLOCKS_MAX = 32 * 1024;

    private static final int EARLY_ONE_IN = 4;
    private static final int TORN_ONE_IN = 2;
    private static final int KEPT_ONE_IN = 2;

    /// What becomes of blocks that are not flushed. All but `HASTY` keep them in the cache until the power goes.
    enum Temper {
        /// They are lost.
        LAZY,
        /// The one that came last reaches the disk, those before it are lost.
        LATEST,
        /// All of them are being written when the power goes: each disk block ends in the middle of its sectors.
        TEARING,
        /// Chance: some reach the disk early, some when the power goes, half of them torn.
        HASTY;

        /// Each seed has one, the same for all files.
        static Temper of(long seed) {
            return values()[(int) Math.floorMod(seed, (long) values().length)];
        }
    }

    private final Disk below;
    private final Temper temper;
    private final SplittableRandom random;
    private final Optional<DiskFiles.Ignored> ignored;
    private final PowerSupply.Socket power;
    private final AtomicLong flushes = new AtomicLong();
    private final Map<Long, byte[]> pending = new HashMap<>();
    // The keys of `pending` in a form that one can be drawn from; a key's place moves when another is removed.
    private final List<Long> order = new ArrayList<>();

    /// Wraps `below`, which nobody else uses from here on and which is closed with this one. An ignored
    /// flush answers and does nothing, as a lying disk does: whoever relies on it must then fail a test.
    VolatileDisk(Disk below, Temper temper, long seed, Optional<DiskFiles.Ignored> ignored,
            PowerSupply.Socket power) {
        this.below = below;
        this.temper = temper;
        this.random = new SplittableRandom(seed);
        this.ignored = ignored;
        this.power = power;
    }

    @Override
    public synchronized long readAt(MemorySegment to, long offsetBytes) throws IOException {
        long done = below.readAt(to, offsetBytes);
        long end = offsetBytes + done;
        for (long block = offsetBytes / Units.BLOCK_SIZE; block * Units.BLOCK_SIZE < end; block++) {
            byte[] bytes = pending.get(block);
            if (bytes != null) {
                long blockStart = block * Units.BLOCK_SIZE;
                long from = Math.max(offsetBytes, blockStart);
                long until = Math.min(end, blockStart + Units.BLOCK_SIZE);
                MemorySegment.copy(bytes, (int) (from - blockStart), to, ValueLayout.JAVA_BYTE, from - offsetBytes,
                        (int) (until - from));
            }
        }
        return done;
    }

    @Override
    public synchronized void writeAt(MemorySegment from, long offsetBytes) throws IOException {
        long end = offsetBytes + from.byteSize();
        if (offsetBytes < 0 || end > below.sizeBytes()) {
            throw new IOException("write beyond the end of " + below);
        }
        for (long block = offsetBytes / Units.BLOCK_SIZE; block * Units.BLOCK_SIZE < end; block++) {
            long blockStart = block * Units.BLOCK_SIZE;
            long first = Math.max(offsetBytes, blockStart);
            long until = Math.min(end, blockStart + Units.BLOCK_SIZE);
            byte[] bytes = pendingBlock(block, until - first == Units.BLOCK_SIZE);
            MemorySegment.copy(from, ValueLayout.JAVA_BYTE, first - offsetBytes, bytes, (int) (first - blockStart),
                    (int) (until - first));
            if (temper == Temper.HASTY && random.nextInt(EARLY_ONE_IN) == 0) {
                leak(order.get(random.nextInt(order.size())));
            }
        }
    }

    private byte[] pendingBlock(long block, boolean overwritten) throws IOException {
        byte[] bytes = pending.get(block);
        if (bytes == null) {
            if (order.size() >= PENDING_BLOCKS_MAX) {
                evict(random.nextInt(order.size()));
            }
            bytes = new byte[sizeOf(block)];
            if (!overwritten) {
                read(bytes, block * Units.BLOCK_SIZE);
            }
            pending.put(block, bytes);
            order.add(block);
        }
        return bytes;
    }

    private int sizeOf(long block) {
        return (int) Math.min(Units.BLOCK_SIZE, below.sizeBytes() - block * Units.BLOCK_SIZE);
    }

    /// Lets a block reach the disk early, whole or in part. It stays in the cache: the flush writes it again.
    private void leak(long block) throws IOException {
        leak(block, random.nextInt(TORN_ONE_IN) == 0 ? random.nextInt(ALL_SECTORS) : ALL_SECTORS);
    }

    /// The sectors whose bits are set.
    private void leak(long block, int sectors) throws IOException {
        byte[] bytes = known(block);
        for (int sector = 0; sector * SECTOR_SIZE < bytes.length; sector++) {
            if ((sectors & 1 << sector) != 0) {
                int at = sector * SECTOR_SIZE;
                write(bytes, at, Math.min(SECTOR_SIZE, bytes.length - at), block * Units.BLOCK_SIZE + at);
            }
        }
    }

    private void evict(int place) throws IOException {
        long block = order.get(place);
        byte[] bytes = known(block);
        write(bytes, 0, bytes.length, block * Units.BLOCK_SIZE);
        pending.remove(block);
        long last = order.removeLast();
        if (place < order.size()) {
            order.set(place, last);
        }
    }

    private byte[] known(long block) {
        byte[] bytes = pending.get(block);
        if (bytes == null) {
            throw Check.failed("a pending block is not in the cache: " + block);
        }
        return bytes;
    }

    private void read(byte[] bytes, long offsetBytes) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(bytes.length);
            below.readAt(copy, offsetBytes);
            MemorySegment.copy(copy, ValueLayout.JAVA_BYTE, 0, bytes, 0, bytes.length);
        }
    }

    private void write(byte[] bytes, int from, int length, long offsetBytes) throws IOException {
        // Through native memory: the disk below hands the address to the kernel.
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(length);
            MemorySegment.copy(bytes, from, copy, ValueLayout.JAVA_BYTE, 0, length);
            below.writeAt(copy, offsetBytes);
        }
    }

    @Override
    public void flush() throws IOException {
        long number = flushes.getAndIncrement();
        power.aboutToFlush(number);
        if (ignored.filter(some -> some.has(number)).isEmpty()) {
            flushAll();
        }
    }

    private synchronized void flushAll() throws IOException {
        for (Map.Entry<Long, byte[]> entry : pending.entrySet()) {
            write(entry.getValue(), 0, entry.getValue().length, entry.getKey() * Units.BLOCK_SIZE);
        }
        pending.clear();
        order.clear();
        below.flush();
    }

    /// The power goes: of what is pending, some reaches the disk, some of that torn. Nothing is written after it.
    synchronized void losePower() {
        try {
            for (int i = 0; i < order.size(); i++) {
                switch (temper) {
                    case LAZY -> {}
                    case LATEST -> {
                        if (i == order.size() - 1) {
                            leak(order.get(i), ALL_SECTORS);
                        }
                    }
                    case TEARING -> leak(order.get(i), ALL_SECTORS >> 1 + random.nextInt(SECTORS - 1));
                    case HASTY -> {
                        if (random.nextInt(KEPT_ONE_IN) == 0) {
                            leak(order.get(i));
                        }
                    }
                }
            }
            pending.clear();
            order.clear();
        } catch (IOException e) {
            throw Check.failed("a test's disk fails: " + e);
        }
    }

    @Override
    public long sizeBytes() {
        return below.sizeBytes();
    }

    /// Closing is not flushing: what is pending is lost, as by a power cut.
    @Override
    public synchronized void close() {
        pending.clear();
        order.clear();
        below.close();
    }

    @Override
    public String toString() {
        return "volatile " + below;
    }
}
