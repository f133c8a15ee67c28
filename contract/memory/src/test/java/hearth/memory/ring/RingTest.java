package hearth.memory.ring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import hearth.memory.word.Words;

import static org.assertj.core.api.Assertions.assertThat;

/// Both sides of the rings over one piece of memory.
class RingTest {
    private static final RingPlan PLAN = new RingPlan(4096, 8, 64 * 1024);

    private final MemorySegment file = Arena.ofAuto().allocate(PLAN.endOffset(), 4096);
    private final RingBack back = new RingBack(file, PLAN);
    private final RingFront front = new RingFront(file, PLAN);

    private static Submission entry(long tag) {
        Submission entry = new Submission();
        entry.op = DiskOp.READ.code();
        entry.slot = 3;
        entry.dbn = tag * 10;
        entry.blocks = 2;
        entry.file = 1;
        entry.memoryOffset = tag * 4096;
        entry.epoch = 77;
        entry.tag = tag;
        entry.section = 6;
        entry.flags = 5;
        return entry;
    }

    @Test
    void entriesTravelBothWaysThroughManyLaps() {
        Submission taken = new Submission();
        long tag = 0;
        for (int lap = 0; lap < 1000; lap++) {
            int batch = 1 + lap % 8;
            for (int i = 0; i < batch; i++) {
                assertThat(front.submit(entry(tag + i))).isTrue();
            }
            for (int i = 0; i < batch; i++) {
                assertThat(back.take(taken)).isEqualTo(RingBack.Taken.ENTRY);
                assertThat(taken).usingRecursiveComparison().isEqualTo(entry(tag + i));
                assertThat(back.complete(taken.tag, taken.epoch, DiskStatus.SHORT, 5, 100)).isTrue();
            }
            assertThat(back.take(taken)).isEqualTo(RingBack.Taken.EMPTY);
            List<Long> tags = new ArrayList<>();
            assertThat(front.takeCompletions((t, epoch, status, errno, bytes) -> {
                tags.add(t);
                assertThat(List.of(epoch, (long) errno, (long) bytes)).containsExactly(77L, 5L, 100L);
                assertThat(status).isEqualTo(DiskStatus.SHORT);
            })).isEqualTo(batch);
            assertThat(tags).hasSize(batch).startsWith(tag).endsWith(tag + batch - 1);
            tag += batch;
        }
    }

    @Test
    void aFullRingSaysSo() {
        for (int i = 0; i < 8; i++) {
            assertThat(front.submit(entry(i))).isTrue();
        }
        assertThat(front.submit(entry(8))).isFalse();
        assertThat(back.take(new Submission())).isEqualTo(RingBack.Taken.ENTRY);
        assertThat(front.submit(entry(8))).isTrue();
        for (int i = 0; i < 8; i++) {
            assertThat(back.complete(i, 1, DiskStatus.OK, 0, 0)).isTrue();
        }
        assertThat(back.complete(9, 1, DiskStatus.OK, 0, 0)).isFalse();
    }

    @Test
    void aTailWithoutSenseIsNotFollowed() {
        Words.storeLong(file, PLAN.areaOffset() + RingLayout.SUBMISSION_TAIL_OFFSET, 9);
        assertThat(back.take(new Submission())).isEqualTo(RingBack.Taken.NONSENSE);
        Words.storeLong(file, PLAN.areaOffset() + RingLayout.SUBMISSION_TAIL_OFFSET, -1);
        assertThat(back.take(new Submission())).isEqualTo(RingBack.Taken.NONSENSE);
    }

    @Test
    void resetForgetsTheDeadGuestsEntries() {
        front.submit(entry(1));
        back.complete(1, 1, DiskStatus.OK, 0, 0);
        back.reset();
        RingFront successor = new RingFront(file, PLAN);
        assertThat(back.take(new Submission())).isEqualTo(RingBack.Taken.EMPTY);
        assertThat(successor.takeCompletions((t, e, s, n, b) -> {})).isZero();
        assertThat(successor.submit(entry(2))).isTrue();
        Submission taken = new Submission();
        assertThat(back.take(taken)).isEqualTo(RingBack.Taken.ENTRY);
        assertThat(taken.tag).isEqualTo(2);
    }

    @Test
    void aServerAsleepThroughAResetIsWokenByTheNextGuest() throws Exception {
        // A timeout instead of the wake would take 30 s.
        Thread server = Thread.ofPlatform().start(() -> {
            int seen = back.submissionBell().sequence();
            while (back.submissionBell().await(seen, 30_000_000_000L) == seen) {
                Thread.onSpinWait();
            }
        });
        long waiter = PLAN.areaOffset() + RingLayout.SUBMISSION_WAITER_OFFSET;
        while (Words.loadVolatileInt(file, waiter) == 0) {
            Thread.onSpinWait();
        }
        back.reset();
        RingFront successor = new RingFront(file, PLAN);
        assertThat(successor.submit(entry(1))).isTrue();
        successor.ring();
        assertThat(server.join(java.time.Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void stagingIsWhereRingEntriesSayItIs() {
        front.staging(2, 1).fill((byte) 7);
        assertThat(file.get(java.lang.foreign.ValueLayout.JAVA_BYTE, front.stagingOffset(2))).isEqualTo((byte) 7);
        assertThat(front.stagingSlots()).isEqualTo(16);
    }

    @Test
    void twoThreadsPassAHundredThousandEntries() throws Exception {
        int count = 100_000;
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread host = Thread.ofPlatform().start(() -> {
            try {
                serve(count);
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        long sent = 0;
        long[] received = {0};
        while (received[0] < count) {
            int seen = front.completionBell().sequence();
            while (sent < count && sent - received[0] < 8 && front.submit(entry(sent))) {
                sent++;
            }
            front.ring();
            if (front.takeCompletions((tag, e, s, n, bytes) -> {
                        assertThat(tag).isEqualTo(received[0]);
                        received[0]++;
                    })
                    == 0) {
                front.completionBell().await(seen, 1_000_000_000L);
            }
        }
        host.join();
        assertThat(failure.get()).isNull();
    }

    private void serve(int count) {
        Submission taken = new Submission();
        for (long expected = 0; expected < count; ) {
            int seen = back.submissionBell().sequence();
            if (back.take(taken) == RingBack.Taken.ENTRY) {
                assertThat(taken.tag).isEqualTo(expected);
                assertThat(taken.memoryOffset).isEqualTo(expected * 4096);
                assertThat(back.complete(taken.tag, taken.epoch, DiskStatus.OK, 0, 1)).isTrue();
                back.ring();
                expected++;
            } else {
                back.submissionBell().await(seen, 1_000_000_000L);
            }
        }
    }
}
