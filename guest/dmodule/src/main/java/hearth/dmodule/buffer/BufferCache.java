package hearth.dmodule.buffer;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.zip.CRC32C;

import hearth.base.Check;
import hearth.base.Uninterruptibly;
import hearth.base.Units;
import hearth.memory.cache.CacheMemory;
import hearth.memory.cache.FramePins;
import hearth.memory.death.DeathPoint;
import hearth.memory.death.StoreGroup;

/// Clean blocks of one aggregate. Any thread; only waiting for another reader's fill parks. A block is named by vbn and
/// the checksum of the pointer that led there, so that an old frame is never taken for a new block.
///
/// Invariant: a vbn that gets a new content is put or forgotten here before anybody can have a pointer to that content.
public final class BufferCache {
    private static final int HALF = Units.BLOCK_SIZE / 2;

    private final CacheMemory memory;
    private final long aggregateId;
    private final BufferStatistics statistics = new BufferStatistics();
    private final ConcurrentHashMap<Long, Pending> pending = new ConcurrentHashMap<>();

    public BufferCache(CacheMemory memory, long aggregateId) {
        this.memory = memory;
        this.aggregateId = aggregateId;
    }

    /// Copies `length` bytes from `offset` of the block to `to` at `toOffset`. False: the block is not here, and
    /// anything may stand in `to`.
    public boolean find(long vbn, int crc, MemorySegment to, long toOffset, int offset, int length) {
        CacheMemory.Lookup lookup = memory.find(aggregateId, vbn, crc, to, toOffset, offset, length);
        switch (lookup) {
            case HIT -> statistics.hits.increment();
            case VERIFIED -> {
                statistics.hits.increment();
                statistics.verified.increment();
            }
            case MISS -> statistics.misses.increment();
            case REFUSED -> {
                statistics.misses.increment();
                statistics.refused.increment();
            }
        }
        return lookup == CacheMemory.Lookup.HIT || lookup == CacheMemory.Lookup.VERIFIED;
    }

    /// Brings near the processor what `pin` will look at.
    public void touch(long vbn, FramePins pins) {
        memory.touch(aggregateId, vbn, pins);
    }

    /// Adds `length` bytes from `offset` of the block to `pins`, where they stay until those are released. False: the
    /// block cannot be pinned; `find` says whether it is here.
    public boolean pin(long vbn, int crc, int offset, int length, FramePins pins) {
        boolean pinned = memory.pin(aggregateId, vbn, crc, offset, length, pins);
        if (pinned) {
            statistics.hits.increment();
        }
        return pinned;
    }

    /// The same into an array.
    public boolean find(long vbn, int crc, byte[] to, int toOffset, int offset, int length) {
        return find(vbn, crc, MemorySegment.ofArray(to), toOffset, offset, length);
    }

    /// Another reader's fill, to wait for.
    private static final class Pending {
        final CountDownLatch ended = new CountDownLatch(1);
    }

    /// What `begin` answers.
    public sealed interface Begun {
        /// The caller reads the block into the frame and ends the fill.
        record Started(Fill fill) implements Begun {}

        /// Somebody else was reading it, and has ended: find again, then begin again.
        record Waited() implements Begun {}

        /// No frame can be had now: read it elsewhere.
        record NoFrame() implements Begun {}
    }

    /// A frame to be filled by its owner, by a disk read straight into it or by a copy. `close` without `commit` gives
    /// it up.
    public final class Fill implements AutoCloseable {
        private final CacheMemory.Fill fill;
        private final Optional<Pending> mine;
        private final long vbn;
        private boolean ended;

        private Fill(CacheMemory.Fill fill, Optional<Pending> mine, long vbn) {
            this.fill = fill;
            this.mine = mine;
            this.vbn = vbn;
        }

        /// Offset of the frame in the cache file, as disk requests name it.
        public long fileOffset() {
            return fill.fileOffset();
        }

        /// The frame's 4 KiB, to copy in and to check.
        public MemorySegment bytes() {
            return fill.bytes();
        }

        /// Copies the whole block in.
        public void copyFrom(MemorySegment block) {
            copy(block, fill.bytes());
        }

        /// The frame holds the block and its checksum was compared with the pointer's.
        public void commit() {
            Check.that(!ended, "a fill ended twice", vbn);
            ended = true;
            fill.commit();
            statistics.fills.increment();
            release();
        }

        @Override
        public void close() {
            if (!ended) {
                ended = true;
                fill.abandon();
                release();
            }
        }

        private void release() {
            mine.ifPresent(own -> {
                pending.remove(vbn, own);
                own.ended.countDown();
            });
        }
    }

    /// Begins to bring a block in after `find` failed. If another thread is bringing it, waits for that one, so that
    /// many readers of one block cost one disk read. Holding several fills, a thread must not wait: use `tryBegin`.
    public Begun begin(long vbn, int crc) {
        return begin(vbn, crc, true);
    }

    /// The same without waiting: `NoFrame` when another thread is bringing the block.
    public Begun tryBegin(long vbn, int crc) {
        return begin(vbn, crc, false);
    }

    private Begun begin(long vbn, int crc, boolean wait) {
        Pending own = new Pending();
        Pending other = pending.putIfAbsent(vbn, own);
        if (other != null) {
            if (!wait) {
                return new Begun.NoFrame();
            }
            statistics.shared.increment();
            Uninterruptibly.await(other.ended);
            return new Begun.Waited();
        }
        Optional<CacheMemory.Fill> fill = memory.begin(aggregateId, vbn, crc);
        if (fill.isEmpty()) {
            statistics.noFrame.increment();
            pending.remove(vbn, own);
            own.ended.countDown();
            return new Begun.NoFrame();
        }
        return new Begun.Started(new Fill(fill.get(), Optional.of(own), vbn));
    }

    /// Reads a block from below into a frame, checking it.
    @FunctionalInterface
    public interface Loader {
        /// Fills `frame`, whose offset in the cache file is `fileOffset`, with the block of this checksum.
        void load(long vbn, int crc, long fileOffset, MemorySegment frame) throws IOException;
    }

    /// Sees to it that the block is here, if a frame can be had: false when none can. A reader that waited for another
    /// one's fill that failed tries itself.
    public boolean load(long vbn, int crc, Loader loader) throws IOException {
        switch (begin(vbn, crc)) {
            case Begun.Started(Fill fill) -> {
                try (fill) {
                    loader.load(vbn, crc, fill.fileOffset(), fill.bytes());
                    fill.commit();
                }
                return true;
            }
            case Begun.Waited _ -> {
                return true;
            }
            case Begun.NoFrame _ -> {
                return false;
            }
        }
    }

    /// Puts a block in, replacing whatever stood there for its vbn: what a consistency point wrote, what a long read
    /// brought. False when no frame could be had; then at least nothing old is found any more.
    public boolean put(long vbn, int crc, MemorySegment block) {
        Check.that(block.byteSize() == Units.BLOCK_SIZE, "put takes one block", block.byteSize());
        Optional<CacheMemory.Fill> fill = memory.begin(aggregateId, vbn, crc);
        if (fill.isEmpty()) {
            statistics.noFrame.increment();
            return false;
        }
        copy(block, fill.get().bytes());
        statistics.fills.increment();
        return fill.get().commit();
    }

    private static void copy(MemorySegment block, MemorySegment frame) {
        if (DeathPoint.ARMED) {
            frame.asSlice(0, HALF).copyFrom(block.asSlice(0, HALF));
            DeathPoint.stored(StoreGroup.FRAME);
        }
        frame.copyFrom(block);
        DeathPoint.stored(StoreGroup.FRAME);
    }

    /// The same from an array; computes the checksum.
    public boolean put(long vbn, byte[] block) {
        CRC32C crc = new CRC32C();
        crc.update(block);
        return put(vbn, (int) crc.getValue(), MemorySegment.ofArray(block));
    }

    /// Nothing is found for this vbn until it is put or loaded again.
    public void forget(long vbn) {
        memory.forget(aggregateId, vbn);
    }

    public BufferStatistics statistics() {
        return statistics;
    }

    /// Frames that hold a block; looks at all of them.
    public long usedFrames() {
        return memory.usedFrames();
    }

    public long frames() {
        return memory.frames();
    }
}
