package hearth.dmodule.buffer;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import hearth.memory.cache.CacheMemory;
import hearth.memory.region.Region;
import hearth.memory.region.RegionGeometry;
import hearth.memory.region.RegionMaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// The cache over a real region: what is found is what the pointer demands, and one miss costs one read.
class BufferCacheTest {
    private static final RegionGeometry GEOMETRY =
            new RegionGeometry(2L << 20, 2L << 20, 8, 64, 128, 8, 2L << 20, 64 << 10, 0);

    private Region region;
    private BufferCache cache;
    private final byte[] to = new byte[4096];

    @BeforeEach
    void make() throws IOException {
        region = RegionMaker.make("test", GEOMETRY, new Random(3));
        cache = new BufferCache(region.cache(1), 42);
    }

    @AfterEach
    void close() {
        region.close();
    }

    private static byte[] randomBlock(long seed) {
        byte[] bytes = new byte[4096];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private boolean find(BufferCache in, long vbn, byte[] block) {
        return in.find(vbn, crc(block), to, 0, 0, 4096);
    }

    private static BufferCache.Loader copying(byte[] block, AtomicInteger loads) {
        return (vbn, crc, fileOffset, frame) -> {
            loads.incrementAndGet();
            frame.copyFrom(MemorySegment.ofArray(block));
        };
    }

    @Test
    void aPutBlockIsFoundByTheNextIncarnationToo() {
        byte[] block = randomBlock(1);
        assertThat(find(cache, 7, block)).isFalse();
        assertThat(cache.put(7, block)).isTrue();
        assertThat(find(cache, 7, block)).isTrue();
        assertThat(to).isEqualTo(block);
        BufferCache next = new BufferCache(region.cache(2), 42);
        assertThat(find(next, 7, block)).isTrue();
        assertThat(find(next, 7, block)).isTrue();
        assertThat(next.statistics().verified()).isEqualTo(1);
        assertThat(next.statistics().hits()).isEqualTo(2);
        assertThat(next.usedFrames()).isEqualTo(1);
        assertThat(find(new BufferCache(region.cache(2), 43), 7, block)).isFalse();
    }

    @Test
    void aNewContentReplacesTheOld() {
        cache.put(7, randomBlock(1));
        cache.put(7, randomBlock(2));
        assertThat(find(cache, 7, randomBlock(2))).isTrue();
        assertThat(find(cache, 7, randomBlock(1))).isFalse();
        assertThat(cache.statistics().refused()).isEqualTo(1);
        cache.forget(7);
        assertThat(find(cache, 7, randomBlock(2))).isFalse();
    }

    @Test
    void damageIsRefusedAndLoadedAgain() throws Exception {
        byte[] block = randomBlock(1);
        int crc = crc(block);
        try (var fill = ((BufferCache.Begun.Started) cache.begin(7, crc)).fill()) {
            fill.bytes().copyFrom(MemorySegment.ofArray(block));
            fill.bytes().set(java.lang.foreign.ValueLayout.JAVA_BYTE, 50, (byte) ~block[50]);
            fill.commit();
        }
        BufferCache next = new BufferCache(region.cache(2), 42);
        assertThat(find(next, 7, block)).isFalse();
        assertThat(next.statistics().refused()).isEqualTo(1);
        AtomicInteger loads = new AtomicInteger();
        assertThat(next.load(7, crc, copying(block, loads))).isTrue();
        assertThat(find(next, 7, block)).isTrue();
        assertThat(loads).hasValue(1);
    }

    @Test
    void manyReadersOfOneBlockShareOneLoad() throws Exception {
        byte[] block = randomBlock(1);
        int crc = crc(block);
        AtomicInteger loads = new AtomicInteger();
        AtomicInteger found = new AtomicInteger();
        CountDownLatch mayLoad = new CountDownLatch(1);
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            readers.add(Thread.ofVirtual().start(() -> {
                byte[] copy = new byte[4096];
                try {
                    while (!cache.find(7, crc, copy, 0, 0, 4096)) {
                        cache.load(7, crc, (vbn, wanted, offset, frame) -> {
                            loads.incrementAndGet();
                            awaitLatch(mayLoad);
                            frame.copyFrom(MemorySegment.ofArray(block));
                        });
                    }
                    found.incrementAndGet();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        org.awaitility.Awaitility.await().until(() -> cache.statistics().shared() >= 49);
        mayLoad.countDown();
        for (Thread reader : readers) {
            reader.join();
        }
        assertThat(loads).hasValue(1);
        assertThat(found).hasValue(50);
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aLoadThatFailsLeavesTheWayFree() throws Exception {
        byte[] block = randomBlock(1);
        int crc = crc(block);
        assertThatThrownBy(() -> cache.load(7, crc, (vbn, wanted, offset, frame) -> {
            throw new IOException("disk");
        })).hasMessage("disk");
        assertThat(cache.usedFrames()).isZero();
        AtomicInteger loads = new AtomicInteger();
        assertThat(cache.load(7, crc, copying(block, loads))).isTrue();
        assertThat(find(cache, 7, block)).isTrue();
    }

    @Test
    void aPutOvertakesALoadOfTheOldContent() {
        byte[] old = randomBlock(1);
        byte[] fresh = randomBlock(2);
        try (var fill = ((BufferCache.Begun.Started) cache.begin(7, crc(old))).fill()) {
            cache.put(7, fresh);
            fill.bytes().copyFrom(MemorySegment.ofArray(old));
            fill.commit();
        }
        assertThat(find(cache, 7, fresh)).isTrue();
        assertThat(cache.usedFrames()).isEqualTo(1);
    }

    @Test
    void aFrameWithADeadReadInFlightIsNotFilled() {
        CacheMemory first = region.cache(1);
        byte[] block = randomBlock(1);
        CacheMemory.Fill dying = first.begin(42, 7, crc(block)).orElseThrow();
        region.control().addBusyFrame(dying.frame());
        BufferCache next = new BufferCache(region.cache(2), 42);
        for (int vbn = 0; vbn < 3000; vbn++) {
            assertThat(next.put(vbn, randomBlock(vbn))).isTrue();
        }
        dying.bytes().fill((byte) 9);
        int right = 0;
        for (int vbn = 0; vbn < 3000; vbn++) {
            byte[] wanted = randomBlock(vbn);
            if (find(next, vbn, wanted)) {
                assertThat(to).isEqualTo(wanted);
                right++;
            }
        }
        assertThat(right).isGreaterThan(400);
        assertThat(next.statistics().refused()).isZero();
        BufferCache third = new BufferCache(region.cache(3), 42);
        for (int vbn = 0; vbn < 3000; vbn++) {
            find(third, vbn, randomBlock(vbn));
        }
        assertThat(third.statistics().refused()).isZero();
    }
}
