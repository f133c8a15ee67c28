package hearth.memory.cache;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;

import hearth.base.Check;
import hearth.base.Units;
import hearth.memory.death.DeathPoint;
import hearth.memory.death.StoreGroup;
import hearth.memory.word.Crc;
import hearth.memory.word.Words;

/// The cache as one incarnation uses it. Any thread; readers take no lock, whoever changes a set holds one of a few
/// heap locks, which die with the process.
///
/// Invariants:
/// - a block is in at most one frame that counts;
/// - order of a fill: generation negative → key → bytes → generation positive (release, last). So a frame whose
///   generation is positive holds the bytes of its key, unless a wild store damaged it;
/// - a reader copies, then looks at the generation again: what it returns was one block's, whole;
/// - the first hit of each incarnation on a frame compares the CRC32C of the *copy* with the block pointer's; a
///   mismatch empties the frame and is a miss. Later hits rely on that and on the CRC word;
/// - a negative generation counts as being filled only if this incarnation's mark stands beside it; a dead one's
///   fill is an empty frame;
/// - a busy frame, into which a dead incarnation's disk read may still write, is never chosen;
/// - neither is a pinned one, whose bytes the kernel is still to take. Its block may be forgotten meanwhile, and may
///   stand in another frame: the bytes stay what they were when it was pinned.
public final class CacheMemory {
    private static final long NO_VBN = -1;
    private static final long EPOCH_MASK = (1L << 24) - 1;
    private static final int LOCKS = 64;
    private static final int RRIP_NEW = 2;
    private static final int RRIP_OLDEST = 3;
    private static final int PINS_OF_FRAME_MAX = Byte.MAX_VALUE;
    private static final int LINE_SIZE = 64;
    /// The part of the frames that may be pinned at a time.
    private static final int PINNED_DIVISOR = 8;

    private final MemorySegment file;
    private final CachePlan plan;
    private final int incarnation;
    private final LongPredicate busy;
    private final Object[] locks = new Object[LOCKS];
    private final AtomicInteger pinned = new AtomicInteger();

    /// Pins of each frame, guarded by the lock of its set; empty until the first.
    private volatile byte[] pins = {};

    /// What `find` found.
    public enum Lookup {
        HIT,
        /// A hit whose bytes were checked for the first time in this incarnation.
        VERIFIED,
        MISS,
        /// The frame was not what the pointer demands; it is empty now.
        REFUSED
    }

    /// Attaches in constant time: nothing is scanned. `file` is the whole cache file, `incarnation` the guest's number,
    /// `busy` says which frames must not be filled.
    public CacheMemory(MemorySegment file, CachePlan plan, long incarnation, LongPredicate busy) {
        Check.that(problem(file, plan).isEmpty(), "attached to memory that is no cache");
        // 0 means nobody; numbers repeat after 2^32 - 1 incarnations.
        this.incarnation = (int) (incarnation % 0xFFFF_FFFFL) + 1;
        this.file = file;
        this.plan = plan;
        this.busy = busy;
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new Object();
        }
    }

    /// Maker only: the header of a new, zero-filled cache.
    public static void format(MemorySegment file, CachePlan plan) {
        long at = plan.areaOffset();
        file.set(ValueLayout.JAVA_INT, at + CacheLayout.VERSION_OFFSET, CacheLayout.VERSION_VALUE);
        file.set(ValueLayout.JAVA_INT, at + CacheLayout.WAYS_OFFSET, CacheLayout.WAYS_VALUE);
        file.set(ValueLayout.JAVA_LONG, at + CacheLayout.SETS_OFFSET, plan.sets());
        file.set(ValueLayout.JAVA_LONG, at + CacheLayout.FRAMES_OFFSET, plan.framesOffset());
        file.set(ValueLayout.JAVA_INT, at + CacheLayout.EPOCH_OFFSET, 1);
        Words.storeLong(file, at + CacheLayout.MAGIC_OFFSET, CacheLayout.MAGIC_VALUE);
    }

    /// Why the file does not hold a cache of this plan; empty when it does.
    public static Optional<String> problem(MemorySegment file, CachePlan plan) {
        long at = plan.areaOffset();
        if (file.byteSize() < plan.endOffset()) {
            return Optional.of("too small: " + file.byteSize());
        }
        if (Words.loadLong(file, at + CacheLayout.MAGIC_OFFSET) != CacheLayout.MAGIC_VALUE) {
            return Optional.of("no magic");
        }
        int version = Words.loadInt(file, at + CacheLayout.VERSION_OFFSET);
        if (version != CacheLayout.VERSION_VALUE) {
            return Optional.of("version " + version);
        }
        boolean sizes = Words.loadInt(file, at + CacheLayout.WAYS_OFFSET) == CacheLayout.WAYS_VALUE
                && Words.loadLong(file, at + CacheLayout.SETS_OFFSET) == plan.sets()
                && Words.loadLong(file, at + CacheLayout.FRAMES_OFFSET) == plan.framesOffset();
        return sizes ? Optional.empty() : Optional.of("sizes differ from the geometry");
    }

    /// Copies `length` bytes from `offset` of a block to `to` at `toOffset`, if the block is here and its checksum is
    /// `crc`. Anything may stand in `to` unless the answer is HIT or VERIFIED.
    public Lookup find(long aggregate, long vbn, int crc, MemorySegment to, long toOffset, int offset, int length) {
        Check.that(
                offset >= 0 && length >= 0 && offset + length <= Units.BLOCK_SIZE, "part of a block", offset, length);
        long set = setOf(aggregate, vbn);
        int epoch = epoch();
        for (int way = 0; way < CacheLayout.WAYS_VALUE; way++) {
            long at = wayAt(set, way);
            long generation = Words.loadLong(file, at + WayLayout.GENERATION_OFFSET);
            if (isWhole(generation, epoch)
                    && Words.loadLong(file, at + WayLayout.VBN_OFFSET) == vbn
                    && Words.loadLong(file, at + WayLayout.AGGREGATE_OFFSET) == aggregate) {
                if (Words.loadInt(file, at + WayLayout.CRC_OFFSET) != crc) {
                    return refuse(set, at, generation);
                }
                boolean known = Words.loadInt(file, at + WayLayout.VERIFIED_BY_OFFSET) == incarnation;
                long frame = frameOf(set, way);
                if (!known) {
                    return verify(set, way, generation, crc, to, toOffset, offset, length);
                }
                MemorySegment.copy(file, plan.frameOffset(frame) + offset, to, toOffset, length);
                if (!unchanged(at, generation)) {
                    return Lookup.MISS;
                }
                used(set, way);
                return Lookup.HIT;
            }
        }
        return Lookup.MISS;
    }

    /// The first hit of this incarnation: the whole block is copied, the copy checked, the asked part given on.
    private Lookup verify(
            long set, int way, long generation, int crc, MemorySegment to, long toOffset, int offset, int length) {
        long at = wayAt(set, way);
        byte[] copy = new byte[Units.BLOCK_SIZE];
        long frame = plan.frameOffset(frameOf(set, way));
        MemorySegment.copy(file, ValueLayout.JAVA_BYTE, frame, copy, 0, copy.length);
        if (!unchanged(at, generation)) {
            return Lookup.MISS;
        }
        if (Crc.of(copy, 0, copy.length) != crc) {
            return refuse(set, at, generation);
        }
        synchronized (lockOf(set)) {
            if (Words.loadLong(file, at + WayLayout.GENERATION_OFFSET) == generation) {
                storeInt(at + WayLayout.VERIFIED_BY_OFFSET, incarnation);
            }
        }
        MemorySegment.copy(copy, offset, to, ValueLayout.JAVA_BYTE, toOffset, length);
        used(set, way);
        return Lookup.VERIFIED;
    }

    /// Adds `length` bytes from `offset` of a block to `pins` without copying them, if the block is here, was checked
    /// by this incarnation, and may be pinned: they stay as they are until the pins are released. False: ask `find`.
    public boolean pin(long aggregate, long vbn, int crc, int offset, int length, FramePins to) {
        Check.that(
                offset >= 0 && length > 0 && offset + length <= Units.BLOCK_SIZE, "part of a block", offset, length);
        if (to.isFull()) {
            return false;
        }
        byte[] counts = pinCounts();
        long set = setOf(aggregate, vbn);
        synchronized (lockOf(set)) {
            int way = wholeWay(set, aggregate, vbn);
            if (way < 0
                    || Words.loadInt(file, wayAt(set, way) + WayLayout.CRC_OFFSET) != crc
                    || Words.loadInt(file, wayAt(set, way) + WayLayout.VERIFIED_BY_OFFSET) != incarnation) {
                return false;
            }
            int frame = (int) frameOf(set, way);
            if (counts[frame] == PINS_OF_FRAME_MAX || pinned.get() >= frames() / PINNED_DIVISOR) {
                return false;
            }
            counts[frame]++;
            pinned.incrementAndGet();
            to.add(this, frame);
            to.to().add(file, plan.frameOffset(frame) + offset, length);
            used(set, way);
            return true;
        }
    }

    /// Reads what `pin` will look at, without a branch or a lock between one block's and the next one's, so that the
    /// processor waits for many at a time: for blocks that will be pinned together.
    public void touch(long aggregate, long vbn, FramePins by) {
        long at = plan.setOffset(setOf(aggregate, vbn));
        long sum = 0;
        for (int offset = 0; offset < SetLayout.SIZE; offset += LINE_SIZE) {
            sum += Words.loadLong(file, at + offset);
        }
        by.touched(sum);
    }

    private int wholeWay(long set, long aggregate, long vbn) {
        int epoch = epoch();
        for (int way = 0; way < CacheLayout.WAYS_VALUE; way++) {
            long at = wayAt(set, way);
            if (Words.loadLong(file, at + WayLayout.VBN_OFFSET) == vbn
                    && Words.loadLong(file, at + WayLayout.AGGREGATE_OFFSET) == aggregate
                    && isWhole(Words.loadLong(file, at + WayLayout.GENERATION_OFFSET), epoch)) {
                return way;
            }
        }
        return -1;
    }

    /// Not made at the start, which is short: a byte for each frame.
    private byte[] pinCounts() {
        byte[] counts = pins;
        return counts.length > 0 ? counts : makePinCounts();
    }

    private synchronized byte[] makePinCounts() {
        if (pins.length == 0) {
            pins = new byte[Math.toIntExact(frames())];
        }
        return pins;
    }

    void unpin(long frame) {
        byte[] counts = pins;
        synchronized (lockOf(frame / CacheLayout.WAYS_VALUE)) {
            Check.that(counts[(int) frame] > 0, "a frame that is not pinned", frame);
            counts[(int) frame]--;
        }
        pinned.decrementAndGet();
    }

    /// Frames whose bytes somebody is to send, each counted as often as it is pinned.
    public int pinned() {
        return pinned.get();
    }

    /// Whether the frame must not be filled now; with the lock of its set.
    private boolean isHeld(long frame) {
        byte[] counts = pins;
        return counts.length > 0 && counts[(int) frame] > 0 || busy.test(frame);
    }

    private Lookup refuse(long set, long at, long generation) {
        synchronized (lockOf(set)) {
            if (Words.loadLong(file, at + WayLayout.GENERATION_OFFSET) == generation) {
                empty(at);
            }
        }
        return Lookup.REFUSED;
    }

    private boolean unchanged(long at, long generation) {
        Words.loadFence();
        return Words.loadLong(file, at + WayLayout.GENERATION_OFFSET) == generation;
    }

    /// One frame that this incarnation is filling. Ends with `commit` or `abandon`, once.
    public final class Fill {
        private final long set;
        private final int way;
        private final long generation;
        private final long vbn;

        private Fill(long set, int way, long generation, long vbn) {
            this.set = set;
            this.way = way;
            this.generation = generation;
            this.vbn = vbn;
        }

        public long frame() {
            return frameOf(set, way);
        }

        /// Offset of the frame in the cache file, as ring entries name it.
        public long fileOffset() {
            return plan.frameOffset(frame());
        }

        /// The frame's memory, for filling it and for checking what a disk read put there.
        public MemorySegment bytes() {
            return file.asSlice(fileOffset(), Units.BLOCK_SIZE);
        }

        /// The frame holds the block, and its bytes were checked. False when the block was replaced or forgotten in
        /// the meantime: the frame is empty then.
        public boolean commit() {
            long at = wayAt(set, way);
            synchronized (lockOf(set)) {
                checkMine(at);
                if (Words.loadLong(file, at + WayLayout.VBN_OFFSET) != vbn
                        || (generation & EPOCH_MASK) != (epoch() & EPOCH_MASK)) {
                    empty(at);
                    return false;
                }
                setRrip(set, way, RRIP_NEW);
                // Release, and last: a guest killed before this line leaves an empty frame, never a wrong one.
                storeLong(at + WayLayout.GENERATION_OFFSET, generation);
                return true;
            }
        }

        /// The frame stays empty.
        public void abandon() {
            long at = wayAt(set, way);
            synchronized (lockOf(set)) {
                checkMine(at);
                empty(at);
            }
        }

        private void checkMine(long at) {
            Check.that(Words.loadLong(file, at + WayLayout.GENERATION_OFFSET) == -generation, "a fill ended twice");
        }
    }

    /// Takes a frame for a block whose bytes have the checksum `crc`; the frame that holds the block now, if one does.
    /// Empty when every frame of the set is being filled or busy.
    public Optional<Fill> begin(long aggregate, long vbn, int crc) {
        Check.that(vbn >= 0, "vbn", vbn);
        long set = setOf(aggregate, vbn);
        synchronized (lockOf(set)) {
            int way = forgetLocked(set, aggregate, vbn);
            if (way < 0) {
                way = victim(set);
            }
            if (way < 0) {
                return Optional.empty();
            }
            long at = wayAt(set, way);
            long before = Math.abs(Words.loadLong(file, at + WayLayout.GENERATION_OFFSET));
            long count = (before >>> 24) + 1 & (1L << 38) - 1;
            long generation = count << 24 | epoch() & EPOCH_MASK;
            Check.that(generation > 0, "cache generation", generation);
            storeInt(at + WayLayout.VERIFIED_BY_OFFSET, 0);
            storeLong(at + WayLayout.GENERATION_OFFSET, -generation);
            Words.storeFence();
            storeLong(at + WayLayout.VBN_OFFSET, vbn);
            storeLong(at + WayLayout.AGGREGATE_OFFSET, aggregate);
            storeInt(at + WayLayout.CRC_OFFSET, crc);
            storeInt(at + WayLayout.VERIFIED_BY_OFFSET, incarnation);
            return Optional.of(new Fill(set, way, generation, vbn));
        }
    }

    /// After this the block is not found until it is filled again. Whoever gives a vbn a new content calls it, or
    /// fills, before anybody can ask for the new content.
    public void forget(long aggregate, long vbn) {
        long set = setOf(aggregate, vbn);
        synchronized (lockOf(set)) {
            forgetLocked(set, aggregate, vbn);
        }
    }

    /// Empties the block's frame and returns its way if it can be filled again, else -1. A fill of the block that is
    /// under way stays with its owner, but its commit will find that the block is no longer wanted.
    private int forgetLocked(long set, long aggregate, long vbn) {
        int free = -1;
        int epoch = epoch();
        for (int way = 0; way < CacheLayout.WAYS_VALUE; way++) {
            long at = wayAt(set, way);
            if (Words.loadLong(file, at + WayLayout.VBN_OFFSET) != vbn
                    || Words.loadLong(file, at + WayLayout.AGGREGATE_OFFSET) != aggregate) {
                continue;
            }
            long generation = Words.loadLong(file, at + WayLayout.GENERATION_OFFSET);
            if (isFilling(at, generation)) {
                storeLong(at + WayLayout.VBN_OFFSET, NO_VBN);
            } else {
                if (isWhole(generation, epoch)) {
                    empty(at);
                }
                free = isHeld(frameOf(set, way)) ? free : way;
            }
        }
        return free;
    }

    private void empty(long at) {
        long generation = Math.abs(Words.loadLong(file, at + WayLayout.GENERATION_OFFSET));
        storeLong(at + WayLayout.GENERATION_OFFSET, -generation);
        Words.storeFence();
        storeInt(at + WayLayout.VERIFIED_BY_OFFSET, 0);
    }

    private int victim(long set) {
        int epoch = epoch();
        int usable = 0;
        for (int way = 0; way < CacheLayout.WAYS_VALUE; way++) {
            long at = wayAt(set, way);
            long generation = Words.loadLong(file, at + WayLayout.GENERATION_OFFSET);
            if (isFilling(at, generation) || isHeld(frameOf(set, way))) {
                continue;
            }
            if (!isWhole(generation, epoch)) {
                return way;
            }
            usable |= 1 << way;
        }
        if (usable == 0) {
            return -1;
        }
        for (int round = 0; round <= RRIP_OLDEST; round++) {
            for (int way = 0; way < CacheLayout.WAYS_VALUE; way++) {
                if ((usable & 1 << way) != 0 && rrip(set, way) == RRIP_OLDEST) {
                    return way;
                }
            }
            for (int way = 0; way < CacheLayout.WAYS_VALUE; way++) {
                setRrip(set, way, Math.min(RRIP_OLDEST, rrip(set, way) + 1));
            }
        }
        // Readers moved every prediction while this looked: any usable frame will do.
        return Integer.numberOfTrailingZeros(usable);
    }

    private int rrip(long set, int way) {
        return Words.loadInt(file, plan.setOffset(set) + SetLayout.RRIP_OFFSET) >>> 2 * way & 3;
    }

    private void setRrip(long set, int way, int value) {
        long at = plan.setOffset(set) + SetLayout.RRIP_OFFSET;
        andInt(at, ~(3 << 2 * way));
        orInt(at, value << 2 * way);
    }

    private void used(long set, int way) {
        if (rrip(set, way) != 0) {
            andInt(plan.setOffset(set) + SetLayout.RRIP_OFFSET, ~(3 << 2 * way));
        }
    }

    /// Empties the whole cache with one store. No fill is under way.
    public void drop() {
        Words.addInt(file, plan.areaOffset() + CacheLayout.EPOCH_OFFSET, 1);
        DeathPoint.stored(StoreGroup.FRAME);
    }

    /// Frames that hold a block. Looks at every set: for statistics, not for a hot path.
    public long usedFrames() {
        long used = 0;
        int epoch = epoch();
        for (long set = 0; set < plan.sets(); set++) {
            for (int way = 0; way < CacheLayout.WAYS_VALUE; way++) {
                if (isWhole(Words.loadLong(file, wayAt(set, way) + WayLayout.GENERATION_OFFSET), epoch)) {
                    used++;
                }
            }
        }
        return used;
    }

    public long frames() {
        return plan.frames();
    }

    private void storeInt(long at, int value) {
        Words.storeInt(file, at, value);
        DeathPoint.stored(StoreGroup.FRAME);
    }

    private void storeLong(long at, long value) {
        Words.storeLong(file, at, value);
        DeathPoint.stored(StoreGroup.FRAME);
    }

    private void andInt(long at, int mask) {
        Words.andInt(file, at, mask);
        DeathPoint.stored(StoreGroup.FRAME);
    }

    private void orInt(long at, int bits) {
        Words.orInt(file, at, bits);
        DeathPoint.stored(StoreGroup.FRAME);
    }

    private int epoch() {
        return Words.loadInt(file, plan.areaOffset() + CacheLayout.EPOCH_OFFSET);
    }

    private static boolean isWhole(long generation, int epoch) {
        return generation > 0 && (generation & EPOCH_MASK) == (epoch & EPOCH_MASK);
    }

    private boolean isFilling(long at, long generation) {
        return generation < 0 && Words.loadInt(file, at + WayLayout.VERIFIED_BY_OFFSET) == incarnation;
    }

    private long setOf(long aggregate, long vbn) {
        long mixed = (vbn ^ aggregate) * 0x9E37_79B9_7F4A_7C15L;
        mixed = (mixed ^ mixed >>> 32) * 0xD6E8_FEB8_6659_FD93L;
        return (mixed >>> 32) * plan.sets() >>> 32;
    }

    private Object lockOf(long set) {
        return locks[(int) (set % LOCKS)];
    }

    private long wayAt(long set, int way) {
        return plan.setOffset(set) + SetLayout.WAYS_OFFSET + (long) way * WayLayout.SIZE;
    }

    private static long frameOf(long set, int way) {
        return set * CacheLayout.WAYS_VALUE + way;
    }
}
