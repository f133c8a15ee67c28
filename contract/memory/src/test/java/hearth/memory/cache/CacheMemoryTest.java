package hearth.memory.cache;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import hearth.base.posix.IoVector;
import hearth.memory.word.Crc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/// Frames are found whole and checked, or not at all.
class CacheMemoryTest {
    private static final long AGGREGATE = 0x77;
    private static final CachePlan PLAN = CachePlan.of(4096, 2L << 20);

    private final MemorySegment file = Arena.ofAuto().allocate(PLAN.endOffset(), 4096);
    private final Set<Long> busy = new HashSet<>();
    private final byte[] to = new byte[4096];

    @BeforeEach
    void format() {
        CacheMemory.format(file, PLAN);
    }

    private CacheMemory incarnation(long number) {
        return new CacheMemory(file, PLAN, number, busy::contains);
    }

    private static byte[] block(long seed) {
        byte[] bytes = new byte[4096];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static int crc(byte[] bytes) {
        return Crc.of(bytes, 0, bytes.length);
    }

    private static CacheMemory.Fill begin(CacheMemory cache, long vbn, byte[] bytes) {
        CacheMemory.Fill fill = cache.begin(AGGREGATE, vbn, crc(bytes)).orElseThrow();
        fill.bytes().copyFrom(MemorySegment.ofArray(bytes));
        return fill;
    }

    private CacheMemory.Lookup find(CacheMemory cache, long vbn, byte[] bytes) {
        return cache.find(AGGREGATE, vbn, crc(bytes), MemorySegment.ofArray(to), 0, 0, 4096);
    }

    @Test
    void aBlockIsFoundAfterItsCommit() {
        CacheMemory cache = incarnation(1);
        byte[] bytes = block(1);
        assertThat(find(cache, 5, bytes)).isEqualTo(CacheMemory.Lookup.MISS);
        CacheMemory.Fill fill = begin(cache, 5, bytes);
        assertThat(find(cache, 5, bytes)).isEqualTo(CacheMemory.Lookup.MISS);
        assertThat(fill.commit()).isTrue();
        assertThat(find(cache, 5, bytes)).isEqualTo(CacheMemory.Lookup.HIT);
        assertThat(to).isEqualTo(bytes);
        assertThat(cache.usedFrames()).isEqualTo(1);
        byte[] part = new byte[10];
        assertThat(cache.find(AGGREGATE, 5, crc(bytes), MemorySegment.ofArray(part), 3, 100, 7))
                .isEqualTo(CacheMemory.Lookup.HIT);
        assertThat(part[3]).isEqualTo(bytes[100]);
        assertThat(part[9]).isEqualTo(bytes[106]);
        assertThat(cache.find(AGGREGATE + 1, 5, crc(bytes), MemorySegment.ofArray(to), 0, 0, 4096))
                .isEqualTo(CacheMemory.Lookup.MISS);
    }

    @Test
    void aSuccessorChecksOnceAndRefusesDamage() {
        byte[] bytes = block(2);
        CacheMemory.Fill fill = begin(incarnation(1), 5, bytes);
        assertThat(fill.commit()).isTrue();
        CacheMemory second = incarnation(2);
        assertThat(second.find(AGGREGATE, 5, crc(bytes), MemorySegment.ofArray(to), 0, 4000, 96))
                .isEqualTo(CacheMemory.Lookup.VERIFIED);
        assertThat(to[95]).isEqualTo(bytes[4095]);
        assertThat(find(second, 5, bytes)).isEqualTo(CacheMemory.Lookup.HIT);
        file.set(ValueLayout.JAVA_BYTE, fill.fileOffset() + 9, (byte) (bytes[9] + 1));
        CacheMemory third = incarnation(3);
        assertThat(find(third, 5, bytes)).isEqualTo(CacheMemory.Lookup.REFUSED);
        assertThat(find(third, 5, bytes)).isEqualTo(CacheMemory.Lookup.MISS);
        assertThat(third.usedFrames()).isZero();
    }

    @Test
    void aFrameThatThePointerDoesNotMeanIsRefused() {
        CacheMemory cache = incarnation(1);
        begin(cache, 5, block(1)).commit();
        assertThat(find(cache, 5, block(2))).isEqualTo(CacheMemory.Lookup.REFUSED);
        assertThat(find(cache, 5, block(1))).isEqualTo(CacheMemory.Lookup.MISS);
    }

    @Test
    void aDeadIncarnationsFillIsAnEmptyFrame() {
        CacheMemory dead = incarnation(1);
        for (int vbn = 0; vbn < PLAN.frames(); vbn++) {
            int number = vbn;
            dead.begin(AGGREGATE, vbn, 0).ifPresent(fill -> fill.bytes().fill((byte) number));
        }
        CacheMemory next = incarnation(2);
        assertThat(next.usedFrames()).isZero();
        assertThat(find(next, 1, block(1))).isEqualTo(CacheMemory.Lookup.MISS);
        int filled = 0;
        for (int vbn = 0; vbn < 100; vbn++) {
            if (begin(next, vbn, block(vbn)).commit()) {
                filled++;
            }
        }
        assertThat(filled).isEqualTo(100);
    }

    @Test
    void deathAtAnyStoreOfAFillLeavesNoWrongFrame() {
        byte[] old = block(1);
        byte[] fresh = block(2);
        CacheMemory first = incarnation(1);
        CacheMemory.Fill before = begin(first, 5, old);
        before.commit();
        CacheMemory.Fill fill = first.begin(AGGREGATE, 5, crc(fresh)).orElseThrow();
        for (int written = 0; written < 4096; written += 512) {
            file.asSlice(fill.fileOffset(), written).copyFrom(MemorySegment.ofArray(fresh).asSlice(0, written));
            CacheMemory successor = incarnation(2);
            assertThat(find(successor, 5, old)).isEqualTo(CacheMemory.Lookup.MISS);
            assertThat(find(successor, 5, fresh)).isEqualTo(CacheMemory.Lookup.MISS);
        }
    }

    @Test
    void aReplacedBlockReusesItsFrameAndHasNoSecondOne() {
        CacheMemory cache = incarnation(1);
        for (int version = 0; version < 50; version++) {
            begin(cache, 5, block(version)).commit();
        }
        assertThat(cache.usedFrames()).isEqualTo(1);
        assertThat(find(cache, 5, block(49))).isEqualTo(CacheMemory.Lookup.HIT);
    }

    @Test
    void aFillThatWasOvertakenDoesNotCommit() {
        CacheMemory cache = incarnation(1);
        CacheMemory.Fill slow = begin(cache, 5, block(1));
        begin(cache, 5, block(2)).commit();
        assertThat(slow.commit()).isFalse();
        assertThat(find(cache, 5, block(2))).isEqualTo(CacheMemory.Lookup.HIT);
        CacheMemory.Fill forgotten = begin(cache, 6, block(3));
        cache.forget(AGGREGATE, 6);
        assertThat(forgotten.commit()).isFalse();
        assertThat(find(cache, 6, block(3))).isEqualTo(CacheMemory.Lookup.MISS);
        CacheMemory.Fill abandoned = begin(cache, 7, block(3));
        abandoned.abandon();
        assertThat(find(cache, 7, block(3))).isEqualTo(CacheMemory.Lookup.MISS);
        assertThat(cache.usedFrames()).isEqualTo(1);
    }

    @Test
    void busyFramesAndFillsAreNotReused() {
        CacheMemory cache = incarnation(1);
        for (long frame = 0; frame < PLAN.frames(); frame++) {
            if (frame % 16 != 3) {
                busy.add(frame);
            }
        }
        for (int vbn = 0; vbn < 2000; vbn++) {
            CacheMemory.Fill fill = begin(cache, vbn, block(vbn));
            assertThat(fill.frame() % 16).isEqualTo(3);
            fill.commit();
        }
        assertThat(cache.usedFrames()).isEqualTo(PLAN.sets());
        busy.clear();
        Set<Long> frames = new HashSet<>();
        int none = 0;
        for (int vbn = 5000; vbn < 7000; vbn++) {
            Optional<CacheMemory.Fill> fill = cache.begin(AGGREGATE, vbn, 0);
            if (fill.isEmpty()) {
                none++;
            } else {
                assertThat(frames.add(fill.get().frame())).isTrue();
            }
        }
        assertThat(none).isPositive();
    }

    private static boolean pin(CacheMemory cache, long vbn, byte[] bytes, FramePins pins) {
        return cache.pin(AGGREGATE, vbn, crc(bytes), 0, 4096, pins);
    }

    private static FramePins pins(int framesMax) {
        return new FramePins(new IoVector(framesMax), framesMax);
    }

    private byte[] frame(long frame) {
        return file.asSlice(PLAN.frameOffset(frame), 4096).toArray(ValueLayout.JAVA_BYTE);
    }

    @Test
    void pinnedBytesStayThoughTheirBlockIsReplacedForgottenAndTheCacheFilledAnew() {
        CacheMemory cache = incarnation(1);
        CacheMemory.Fill fill = begin(cache, 5, block(5));
        fill.commit();
        FramePins pins = pins(4);
        assertThat(pin(cache, 5, block(5), pins)).isTrue();
        assertThat(pins.to().byteSize()).isEqualTo(4096);
        begin(cache, 5, block(50)).commit();
        assertThat(find(cache, 5, block(50))).isEqualTo(CacheMemory.Lookup.HIT);
        assertThat(cache.usedFrames()).isEqualTo(1);
        cache.forget(AGGREGATE, 5);
        cache.drop();
        for (int vbn = 0; vbn < 5000; vbn++) {
            CacheMemory.Fill other = begin(cache, vbn, block(vbn));
            assertThat(other.frame()).isNotEqualTo(fill.frame());
            other.commit();
        }
        assertThat(frame(fill.frame())).isEqualTo(block(5));
        pins.release();
        assertThat(cache.pinned()).isZero();
        Set<Long> frames = new HashSet<>();
        for (int vbn = 5000; vbn < 10_000; vbn++) {
            CacheMemory.Fill other = begin(cache, vbn, block(vbn));
            frames.add(other.frame());
            other.commit();
        }
        assertThat(frames).contains(fill.frame());
    }

    @Test
    void aFrameThatIsPinnedTwiceStaysUntilBothLetGo() {
        CacheMemory cache = incarnation(1);
        CacheMemory.Fill fill = begin(cache, 5, block(5));
        fill.commit();
        FramePins first = pins(1);
        FramePins second = pins(1);
        assertThat(pin(cache, 5, block(5), first) && pin(cache, 5, block(5), second)).isTrue();
        first.release();
        assertThat(begin(cache, 5, block(6)).frame()).isNotEqualTo(fill.frame());
        second.release();
        assertThat(cache.pinned()).isZero();
        assertThatExceptionOfType(Error.class).isThrownBy(second::release);
    }

    @Test
    void onlyWhatThisIncarnationCheckedIsPinned() {
        begin(incarnation(1), 5, block(5)).commit();
        CacheMemory next = incarnation(2);
        FramePins pins = pins(4);
        assertThat(pin(next, 5, block(5), pins)).isFalse();
        assertThat(find(next, 5, block(5))).isEqualTo(CacheMemory.Lookup.VERIFIED);
        assertThat(pin(next, 5, block(6), pins)).as("another content").isFalse();
        assertThat(next.pin(AGGREGATE + 1, 5, crc(block(5)), 0, 4096, pins)).isFalse();
        assertThat(pin(next, 5, block(5), pins)).isTrue();
        CacheMemory.Fill open = begin(next, 6, block(6));
        assertThat(pin(next, 6, block(6), pins)).as("being filled").isFalse();
        open.commit();
        assertThat(pin(next, 6, block(6), pins)).isTrue();
        assertThat(pins.count()).isEqualTo(2);
        pins.release();
    }

    @Test
    void pinsHaveBoundsAndLeaveMostOfTheCache() {
        CacheMemory cache = incarnation(1);
        for (int vbn = 0; vbn < 200; vbn++) {
            begin(cache, vbn, block(vbn)).commit();
        }
        FramePins few = pins(1);
        assertThat(pin(cache, 0, block(0), few)).isTrue();
        assertThat(pin(cache, 1, block(1), few)).as("no room").isFalse();
        FramePins many = pins(200);
        for (int vbn = 0; vbn < 200; vbn++) {
            pin(cache, vbn, block(vbn), many);
        }
        assertThat(cache.pinned()).isEqualTo((int) (PLAN.frames() / 8));
        few.release();
        many.release();
        FramePins same = pins(200);
        int taken = 0;
        while (taken < 200 && pin(cache, 3, block(3), same)) {
            taken++;
        }
        assertThat(taken).isEqualTo((int) Math.min(Byte.MAX_VALUE, PLAN.frames() / 8));
        same.release();
        assertThat(cache.pinned()).isZero();
    }

    @Test
    void pinnedBytesStayWhileOtherThreadsFill() throws Exception {
        CacheMemory cache = incarnation(1);
        AtomicBoolean stop = new AtomicBoolean();
        Thread writer = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < 30_000; i++) {
                int vbn = i % 700;
                begin(cache, vbn, block(vbn)).commit();
            }
            stop.set(true);
        });
        Random random = new Random(3);
        long pinned = 0;
        while (!stop.get()) {
            FramePins pins = pins(16);
            Map<Long, Long> held = new HashMap<>();
            for (int i = 0; i < 16; i++) {
                long vbn = random.nextInt(700);
                if (pin(cache, vbn, block(vbn), pins)) {
                    held.put(vbn, pins.frame(pins.count() - 1));
                }
            }
            for (var one : held.entrySet()) {
                assertThat(frame(one.getValue())).isEqualTo(block(one.getKey()));
                pinned++;
            }
            pins.release();
        }
        writer.join();
        assertThat(pinned).isPositive();
        assertThat(cache.pinned()).isZero();
    }

    @Test
    void aDroppedCacheIsEmpty() {
        CacheMemory cache = incarnation(1);
        begin(cache, 5, block(1)).commit();
        CacheMemory.Fill late = begin(cache, 6, block(1));
        cache.drop();
        assertThat(cache.usedFrames()).isZero();
        assertThat(find(cache, 5, block(1))).isEqualTo(CacheMemory.Lookup.MISS);
        assertThat(late.commit()).isFalse();
        begin(cache, 5, block(1)).commit();
        assertThat(find(cache, 5, block(1))).isEqualTo(CacheMemory.Lookup.HIT);
    }

    @Test
    void whatIsUsedAgainStaysLongerThanWhatPassesOnce() {
        CacheMemory cache = incarnation(1);
        int hot = (int) PLAN.frames() / 4;
        for (int vbn = 0; vbn < hot; vbn++) {
            begin(cache, vbn, block(vbn)).commit();
        }
        for (int round = 0; round < 40; round++) {
            for (int vbn = 0; vbn < hot; vbn++) {
                find(cache, vbn, block(vbn));
            }
            for (int i = 0; i < hot / 4; i++) {
                begin(cache, 10_000L + round * 1000 + i, block(1)).commit();
            }
        }
        int kept = 0;
        for (int vbn = 0; vbn < hot; vbn++) {
            kept += find(cache, vbn, block(vbn)) == CacheMemory.Lookup.HIT ? 1 : 0;
        }
        assertThat(kept).isGreaterThan(hot * 9 / 10);
    }

    @Test
    void readersNeverSeeAMixtureWhileFramesChange() throws Exception {
        CacheMemory cache = incarnation(1);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        byte[] a = block(1);
        byte[] b = block(2);
        Thread writer = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < 100_000; i++) {
                begin(cache, 5, i % 2 == 0 ? a : b).commit();
            }
            stop.set(true);
        });
        long hits = 0;
        byte[] copy = new byte[4096];
        while (!stop.get() && failure.get() == null) {
            for (byte[] wanted : new byte[][] {a, b}) {
                // The CRC decides which of the two versions is asked for; a hit must be exactly that one.
                if (cache.find(AGGREGATE, 5, crc(wanted), MemorySegment.ofArray(copy), 0, 0, 4096)
                        == CacheMemory.Lookup.HIT) {
                    hits++;
                    assertThat(java.util.Arrays.equals(copy, wanted)).isTrue();
                }
            }
        }
        writer.join();
        assertThat(hits).isPositive();
    }
}
