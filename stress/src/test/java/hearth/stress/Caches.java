package hearth.stress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

import hearth.base.Units;
import hearth.base.posix.AnonymousMemory;
import hearth.base.posix.PosixException;
import hearth.memory.cache.CacheLayout;
import hearth.memory.cache.CacheMemory;
import hearth.memory.cache.CachePlan;
import hearth.memory.cache.SetLayout;
import hearth.memory.cache.WayLayout;
import hearth.memory.word.Words;

/// One cache for all states, each of which has a block number of its own; blocks of two contents.
final class Caches {
    static final long AGGREGATE = 7;
    static final MemorySegment OLD = block(0x11);
    static final MemorySegment NEW = block(0x77);
    static final int OLD_CRC = crc(OLD);
    static final int NEW_CRC = crc(NEW);

    private static final int SETS = 1024;
    private static final CachePlan PLAN = new CachePlan(0, SETS);
    static final MemorySegment FILE = file();
    static final CacheMemory CACHE = new CacheMemory(FILE, PLAN, 1, frame -> false);

    private static final AtomicLong VBNS = new AtomicLong();

    private Caches() {}

    static long freshVbn() {
        return VBNS.incrementAndGet();
    }

    /// Gives the block new bytes; returns the frame, or -1 when there was none.
    static long fill(long vbn, MemorySegment bytes, int crc) {
        var fill = CACHE.begin(AGGREGATE, vbn, crc);
        if (fill.isEmpty()) {
            return -1;
        }
        fill.get().bytes().copyFrom(bytes);
        fill.get().commit();
        return fill.get().frame();
    }

    /// Which block `copy` holds: 1 the old one, 2 the new one, -1 neither.
    static int which(MemorySegment copy) {
        if (copy.mismatch(OLD) < 0) {
            return 1;
        }
        return copy.mismatch(NEW) < 0 ? 2 : -1;
    }

    /// Frames of the set that hold the block.
    static int holding(long set, long vbn) {
        int found = 0;
        for (int way = 0; way < CacheLayout.WAYS_VALUE; way++) {
            long at = CacheLayout.SIZE + set * SetLayout.SIZE + SetLayout.WAYS_OFFSET + (long) way * WayLayout.SIZE;
            found += Words.loadLong(FILE, at + WayLayout.VBN_OFFSET) == vbn
                    && Words.loadLong(FILE, at + WayLayout.GENERATION_OFFSET) > 0 ? 1 : 0;
        }
        return found;
    }

    private static MemorySegment file() {
        try {
            var file = AnonymousMemory.map(Units.roundUp(PLAN.endOffset(), Units.HUGE_PAGE_SIZE));
            CacheMemory.format(file, PLAN);
            return file;
        } catch (PosixException e) {
            throw new AssertionError(e);
        }
    }

    private static MemorySegment block(int value) {
        return MemorySegment.ofArray(new byte[Units.BLOCK_SIZE]).fill((byte) value);
    }

    private static int crc(MemorySegment block) {
        var crc = new CRC32C();
        crc.update(block.toArray(ValueLayout.JAVA_BYTE));
        return (int) crc.getValue();
    }
}
