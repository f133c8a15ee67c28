package hearth.system.wiring;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.CRC32C;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import hearth.base.Units;
import hearth.dmodule.buffer.BufferCache;
import hearth.dmodule.raid.RunUse;
import hearth.memory.region.Region;
import hearth.memory.region.RegionGeometry;
import hearth.memory.region.RegionMaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/// Goal: what a batch writes is in the cache when its runs have been waited for, with however many threads.
/// Method: runs of a real cache's blocks, long and short, over and over.
class CacheFillerTest {
    private static final RegionGeometry GEOMETRY =
            new RegionGeometry(64L << 20, 2L << 20, 8, 64, 128, 8, 2L << 20, 64 << 10, 0);
    private static final int LONG = 256;

    private final ConcurrentLinkedQueue<Throwable> fatal = new ConcurrentLinkedQueue<>();
    private Region region;
    private BufferCache cache;
    private CacheFiller filler;

    @BeforeEach
    void make() throws IOException {
        region = RegionMaker.make("test", GEOMETRY, new Random(3));
        cache = new BufferCache(region.cache(1), 42);
        filler = new CacheFiller(cache, (_, thrown) -> fatal.add(thrown));
    }

    @AfterEach
    void close() {
        await().until(() -> threads() == 0);
        region.close();
        assertThat(fatal).isEmpty();
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().equals("cache filler")).count();
    }

    private static byte[] block(long vbn) {
        byte[] bytes = new byte[Units.BLOCK_SIZE];
        new Random(vbn).nextBytes(bytes);
        return bytes;
    }

    private static int crc(long vbn) {
        CRC32C crc = new CRC32C();
        crc.update(block(vbn));
        return (int) crc.getValue();
    }

    private RunUse.Pending run(Arena memory, long vbn, int blocks) {
        MemorySegment bytes = memory.allocate((long) blocks * Units.BLOCK_SIZE);
        for (int i = 0; i < blocks; i++) {
            MemorySegment.copy(MemorySegment.ofArray(block(vbn + i)), 0, bytes, (long) i * Units.BLOCK_SIZE,
                    Units.BLOCK_SIZE);
            filler.filled(vbn + i, crc(vbn + i));
        }
        return filler.sent(vbn, bytes);
    }

    private void assertCached(long vbn, int blocks) {
        byte[] to = new byte[Units.BLOCK_SIZE];
        for (long at = vbn; at < vbn + blocks; at++) {
            assertThat(cache.find(at, crc(at), to, 0, 0, to.length)).as("block " + at).isTrue();
            assertThat(to).isEqualTo(block(at));
        }
    }

    @Test
    void everyRunIsInTheCacheWhenItWasWaitedFor() {
        for (int round = 0; round < 2; round++) {
            cache = new BufferCache(region.cache(round + 2), 42);
            filler = new CacheFiller(cache, (_, thrown) -> fatal.add(thrown));
            try (Arena memory = Arena.ofShared()) {
                filler.begin();
                List<RunUse.Pending> runs = new ArrayList<>();
                long first = round * 10_000L;
                for (int i = 0; i < 6; i++) {
                    runs.add(run(memory, first + (long) i * LONG, LONG));
                }
                runs.forEach(RunUse.Pending::await);
                filler.end();
                assertCached(first, 6 * LONG);
            }
        }
        assertThat(cache.statistics().noFrame()).isZero();
    }

    @Test
    void aShortRunIsThereAtOnceAndHasNoThread() {
        try (Arena memory = Arena.ofShared()) {
            filler.begin();
            for (int i = 0; i < 50; i++) {
                run(memory, i * 100L, 1 + i % 20);
                assertCached(i * 100L, 1 + i % 20);
            }
            assertThat(threads()).isZero();
            filler.end();
        }
    }

    @Test
    void aRunThatNobodyBeganIsPutByWhoeverWaits() {
        try (Arena memory = Arena.ofShared()) {
            filler.begin();
            // The first of a batch has no thread.
            RunUse.Pending only = run(memory, 7, LONG);
            assertThat(cache.statistics().fills()).isZero();
            only.await();
            only.await();
            assertCached(7, LONG);
            assertThat(cache.statistics().fills()).isEqualTo(LONG);
            filler.end();
        }
    }

    @Test
    void anErrorInTheThreadIsFatalAndNobodyWaitsForEver() {
        MemorySegment closed;
        filler.begin();
        try (Arena gone = Arena.ofShared()) {
            run(gone, 1, LONG).await();
            closed = gone.allocate((long) LONG * Units.BLOCK_SIZE);
        }
        for (int i = 0; i < LONG; i++) {
            filler.filled(10_000 + i, 0);
        }
        RunUse.Pending failing = filler.sent(10_000, closed);
        await().until(() -> !fatal.isEmpty());
        failing.await();
        assertThat(fatal).hasSize(1);
        fatal.clear();
        filler.end();
    }
}
