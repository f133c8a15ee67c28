package hearth.memory.cache;

import hearth.base.Check;
import hearth.base.Units;

/// Where the cache's parts stand in their file; follows from the geometry.
///
/// @param areaOffset offset of the cache's header page, after the file's
/// @param sets number of sets; each has 16 frames
public record CachePlan(long areaOffset, long sets) {
    public CachePlan {
        Check.that(sets > 0 && sets < Integer.MAX_VALUE / CacheLayout.WAYS_VALUE, "cache sets", sets);
    }

    /// A cache whose frames take `cacheBytes`.
    public static CachePlan of(long areaOffset, long cacheBytes) {
        return new CachePlan(areaOffset, cacheBytes / ((long) CacheLayout.WAYS_VALUE * Units.BLOCK_SIZE));
    }

    public long frames() {
        return sets * CacheLayout.WAYS_VALUE;
    }

    long setOffset(long set) {
        return areaOffset + CacheLayout.SIZE + set * SetLayout.SIZE;
    }

    /// Offset of frame 0 in the file, a multiple of 2 MiB.
    public long framesOffset() {
        return Units.roundUp(setOffset(sets), Units.HUGE_PAGE_SIZE);
    }

    public long frameOffset(long frame) {
        return framesOffset() + frame * Units.BLOCK_SIZE;
    }

    public long endOffset() {
        return frameOffset(frames());
    }
}
