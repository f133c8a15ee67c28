package hearth.stress;

import java.lang.foreign.MemorySegment;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

import hearth.base.Units;
import hearth.memory.cache.CacheMemory.Lookup;

/// A block's number gets new bytes while a reader copies the frame. A hit is one content, whole, and the one asked
/// for.
@JCStressTest
@Outcome(id = {"0, 0", "0, 2", "1, 0", "1, 2"}, expect = Expect.ACCEPTABLE, desc = "misses, or what was asked for")
@Outcome(expect = Expect.FORBIDDEN, desc = "bytes of another content, or of two")
@State
public class CacheReadStress {
    private static final MemorySegment COPY = MemorySegment.ofArray(new byte[Units.BLOCK_SIZE]);

    private final long vbn = Caches.freshVbn();

    /// The block is in the cache, known to be good.
    public CacheReadStress() {
        Caches.fill(vbn, Caches.OLD, Caches.OLD_CRC);
    }

    @Actor
    public void writer() {
        Caches.fill(vbn, Caches.NEW, Caches.NEW_CRC);
    }

    @Actor
    public void reader(II_Result result) {
        result.r1 = look(Caches.OLD_CRC);
        result.r2 = look(Caches.NEW_CRC);
    }

    private int look(int crc) {
        Lookup found = Caches.CACHE.find(Caches.AGGREGATE, vbn, crc, COPY, 0, 0, Units.BLOCK_SIZE);
        return found == Lookup.HIT || found == Lookup.VERIFIED ? Caches.which(COPY) : 0;
    }
}
