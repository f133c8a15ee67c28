package hearth.stress;

import java.lang.foreign.MemorySegment;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

import hearth.base.Units;
import hearth.memory.cache.CacheMemory;

/// `CacheReadStress` with a reader that looks whether the frame is the block's before it copies, and not again after.
@JCStressTest
@Outcome(id = {"0", "1"}, expect = Expect.ACCEPTABLE, desc = "a miss, or what was asked for")
@Outcome(expect = Expect.FORBIDDEN, desc = "bytes of another content, or of two")
@State
public class BrokenCacheRead {
    private static final MemorySegment COPY = MemorySegment.ofArray(new byte[Units.BLOCK_SIZE]);

    private final long vbn = Caches.freshVbn();
    private final long frameOffset;

    /// The block is in the cache, known to be good.
    public BrokenCacheRead() {
        CacheMemory.Fill fill = Caches.CACHE.begin(Caches.AGGREGATE, vbn, Caches.OLD_CRC).orElseThrow();
        fill.bytes().copyFrom(Caches.OLD);
        fill.commit();
        frameOffset = fill.fileOffset();
    }

    @Actor
    public void writer() {
        Caches.fill(vbn, Caches.NEW, Caches.NEW_CRC);
    }

    @Actor
    public void reader(I_Result result) {
        var found = Caches.CACHE.find(Caches.AGGREGATE, vbn, Caches.OLD_CRC, COPY, 0, 0, Long.BYTES);
        if (found == CacheMemory.Lookup.HIT || found == CacheMemory.Lookup.VERIFIED) {
            Pauses.some();
            MemorySegment.copy(Caches.FILE, frameOffset, COPY, 0, Units.BLOCK_SIZE);
            result.r1 = Caches.which(COPY);
        }
    }
}
