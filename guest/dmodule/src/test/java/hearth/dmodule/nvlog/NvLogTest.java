package hearth.dmodule.nvlog;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.Test;

import hearth.base.Check;
import hearth.base.Units;
import hearth.memory.index.DirtyIndex;
import hearth.memory.index.DirtyKey;
import hearth.memory.log.LogLayout;
import hearth.memory.log.LogReader;
import hearth.memory.log.LogRecord;
import hearth.memory.log.RecordLayout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/// Goal: what was appended is there after a death, in order, once; a half is used again only when it may be.
/// Method: real memory, handed to a new NvLog after each death.
class NvLogTest {
    private static final long HALF_BYTES = 64 * Units.KIB;

    private TestRegion region = new TestRegion(HALF_BYTES);

    /// Applies nothing, remembers all.
    private static class Applied implements Replayer {
        final List<Long> lsns = new ArrayList<>();
        final List<String> effects = new ArrayList<>();
        final List<Position> positions = new ArrayList<>();

        @Override
        public void replay(Position position, LogRecord record) {
            lsns.add(record.lsn());
            effects.add(new String(record.effect(), StandardCharsets.UTF_8));
            positions.add(position);
        }
    }

    private NvLog opened() throws IOException {
        NvLog log = region.attach();
        assertThat(log.replay(0, new Applied())).isInstanceOf(ReplayOutcome.Replayed.class);
        return log;
    }

    private static Position append(NvLog log) {
        long number = log.lastLsn() + 1;
        return log.append(Origin.INTERNAL, TestRegion.effect(number), TestRegion.block(number),
                TestRegion.reply(number));
    }

    private static byte[] copy(NvLog log, long ref) {
        byte[] copy = new byte[Units.BLOCK_SIZE];
        return log.copyPayload(ref, 0, copy, 0, copy.length) ? copy : new byte[0];
    }

    @Test
    void aSuccessorReplaysWhatTheMountedFsinfoLacks() throws IOException {
        NvLog log = opened();
        List<Position> positions = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            positions.add(append(log));
        }
        var applied = new Applied();
        NvLog successor = region.attach();
        assertThat(successor.replay(2, applied)).isInstanceOfSatisfying(ReplayOutcome.Replayed.class, replayed -> {
            assertThat(replayed.records()).isEqualTo(3);
            assertThat(replayed.lastLsn()).isEqualTo(5);
        });
        assertThat(applied.lsns).containsExactly(3L, 4L, 5L);
        assertThat(applied.effects).containsExactly("effect 3", "effect 4", "effect 5");
        assertThat(applied.positions).isEqualTo(positions.subList(2, 5));
        assertThat(copy(successor, applied.positions.getFirst().payloadRef()))
                .isEqualTo(TestRegion.block(3).toArray(ValueLayout.JAVA_BYTE));
        assertThat(append(successor).lsn()).isEqualTo(6);
    }

    @Test
    void aPayloadOfManyPiecesIsReadByBlock() throws IOException {
        NvLog log = opened();
        var position = log.append(Origin.INTERNAL, TestRegion.effect(1),
                List.of(TestRegion.block(1), TestRegion.block(2), TestRegion.block(3)), TestRegion.reply(1));
        for (int block = 0; block < 3; block++) {
            assertThat(copy(log, PayloadRef.block(position.payloadRef(), block)))
                    .isEqualTo(TestRegion.block(block + 1).toArray(ValueLayout.JAVA_BYTE));
        }
        byte[] part = new byte[10];
        assertThat(log.copyPayload(position.payloadRef(), Units.BLOCK_SIZE - 5, MemorySegment.ofArray(part), 0, 10))
                .isTrue();
        assertThat(part).containsExactly(1, 1, 1, 1, 1, 2, 2, 2, 2, 2);
    }

    @Test
    void aPayloadIsGoneWhenItsHalfIsUsedAgain() throws IOException {
        NvLog log = opened();
        Position first = append(log);
        assertThat(log.freeze()).isEqualTo(new FreezePoint(1, first.halfGeneration(), true));
        append(log);
        assertThat(copy(log, first.payloadRef())).isNotEmpty();
        log.durable(1, 1);
        assertThat(log.freeze().switched()).isTrue();
        assertThat(copy(log, first.payloadRef())).isEmpty();
    }

    @Test
    void aFreezeStaysWhileTheOtherHalfIsNotDurable() throws IOException {
        NvLog log = opened();
        append(log);
        assertThat(log.freeze().switched()).isTrue();
        append(log);
        assertThat(log.freeze()).isEqualTo(new FreezePoint(2, 1, false));
        log.durable(1, 1);
        append(log);
        assertThat(log.freeze()).isEqualTo(new FreezePoint(3, 1, true));
        assertThat(log.freeze().switched()).as("nothing was appended").isFalse();
    }

    @Test
    void fullIsAnAnswerAndAConsistencyPointMakesRoom() throws Exception {
        NvLog log = opened();
        while (log.roomFor(100, Units.BLOCK_SIZE, 1)) {
            append(log);
        }
        assertThat(region.requests).containsExactly(ConsistencyPointRequests.Reason.LOG_FILL);
        assertThatThrownBy(() -> append(log)).isInstanceOf(Check.Failed.class);
        var waiting = Thread.ofVirtual().start(() -> log.awaitRoom(100, Units.BLOCK_SIZE, 1));
        await()
                .until(() -> region.requests.contains(ConsistencyPointRequests.Reason.LOG_FULL));
        assertThat(waiting.isAlive()).isTrue();
        log.freeze();
        waiting.join();
        assertThat(log.roomFor(100, Units.BLOCK_SIZE, 1)).isTrue();
    }

    @Test
    void aFullIndexIsAskedAboutBeforeAnAppend() throws IOException {
        NvLog log = opened();
        int keys = 0;
        while (log.roomFor(100, 0, 3)) {
            var position = log.append(Origin.INTERNAL, TestRegion.effect(1), MemorySegment.NULL, TestRegion.reply(1));
            log.index(position, List.of(DirtyKey.data(7, keys), DirtyKey.data(7, keys + 1), DirtyKey.name(7, keys)));
            keys += 3;
        }
        assertThat(keys).isEqualTo(TestRegion.INDEX_ENTRIES / 4 * 3);
        var index = new DirtyIndex(region.index0, TestRegion.INDEX_ENTRIES);
        assertThat(index.indexedLsn()).isEqualTo(log.lastLsn());
        assertThat(index.get(DirtyKey.data(7, 1))).isInstanceOfSatisfying(DirtyIndex.Lookup.Entry.class,
                entry -> assertThat(entry.piece()).isEqualTo(1));
        log.freeze();
        assertThat(log.roomFor(100, 0, 3)).isTrue();
    }

    @Test
    void theLogNeverEndsBelowWhatTheHostFlushed() throws IOException {
        NvLog log = opened();
        for (int i = 0; i < 4; i++) {
            append(log);
        }
        region.flusher.flushed(3);
        region.log.set(ValueLayout.JAVA_LONG, LogLayout.COMMITTED_LSN_OFFSET, 1);
        var applied = new Applied();
        NvLog successor = region.attach();
        assertThat(successor.replay(0, applied)).isInstanceOf(ReplayOutcome.Replayed.class);
        assertThat(applied.lsns).containsExactly(1L, 2L, 3L);
        assertThat(region.area().committedLsn()).isEqualTo(3);
        assertThat(append(successor).lsn()).isEqualTo(4);
    }

    @Test
    void aDamagedRecordIsDamageUntilTheLossIsAccepted() throws IOException {
        NvLog log = opened();
        List<Position> positions = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            positions.add(append(log));
        }
        long at = LogLayout.HEADER_BYTES + positions.get(3).recordBytes() + RecordLayout.HEADER_BYTES;
        region.log.set(ValueLayout.JAVA_BYTE, at, (byte) 0x55);
        NvLog successor = region.attach();
        var applied = new Applied();
        assertThat(successor.replay(0, applied)).isEqualTo(new ReplayOutcome.Damaged(4, 6, "crc"));
        assertThat(applied.lsns).containsExactly(1L, 2L, 3L);
        successor.acceptLoss();
        assertThat(successor.roomFor(1, 1, 1)).isFalse();
        assertThat(successor.freeze().lastLsn()).isEqualTo(6);
        assertThat(copy(successor, applied.positions.getFirst().payloadRef())).isNotEmpty();
        successor.durable(6, 1);
        assertThat(append(successor).lsn()).isEqualTo(7);

        var again = new Applied();
        assertThat(region.attach().replay(6, again)).isInstanceOf(ReplayOutcome.Replayed.class);
        assertThat(again.lsns).containsExactly(7L);
    }

    @Test
    void damageToWhatIsDurableIsNoLoss() throws IOException {
        NvLog log = opened();
        append(log);
        append(log);
        log.freeze();
        log.durable(2, 1);
        region.log.set(ValueLayout.JAVA_LONG, LogLayout.HALF_0_OFFSET, 99);
        region.log.set(ValueLayout.JAVA_LONG, LogLayout.HALF_1_OFFSET, 99);
        NvLog successor = region.attach();
        assertThat(successor.replay(2, new Applied())).isEqualTo(new ReplayOutcome.Replayed(0, 0, 2));
        assertThat(append(successor).lsn()).isEqualTo(3);
    }

    @Test
    void aPayloadThatDisagreesWithItsEffectIsDamage() throws IOException {
        NvLog log = opened();
        append(log);
        append(log);
        var picky = new Applied() {
            @Override
            public Optional<String> complaint(Position position, LogRecord record) {
                return record.lsn() == 2 ? Optional.of("block 0") : Optional.empty();
            }
        };
        assertThat(region.attach().replay(0, picky)).isEqualTo(new ReplayOutcome.Damaged(2, 2, "block 0"));
        assertThat(picky.lsns).containsExactly(1L);
    }

    @Test
    void aRecordThatKilledTwoIncarnationsIsNotTriedAgain() throws IOException {
        NvLog log = opened();
        append(log);
        append(log);
        Replayer deadly = (position, record) -> {
            if (record.lsn() == 2) {
                throw new AssertionError("dies here");
            }
        };
        for (int death = 0; death < 2; death++) {
            NvLog victim = region.attach();
            assertThatThrownBy(() -> victim.replay(0, deadly)).isInstanceOf(AssertionError.class);
        }
        assertThat(region.attach().replay(0, deadly)).isEqualTo(new ReplayOutcome.Poisoned(2, 2, 2));
    }

    @Test
    void aCountOfDeathsThatNobodyStoredIsNoise() throws IOException {
        var position = append(opened());
        for (int noise : new int[] {-1, 3, 77, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            region.log.set(ValueLayout.JAVA_INT, LogLayout.HEADER_BYTES + position.recordBytes()
                    + RecordLayout.ATTEMPTS_OFFSET, noise);
            assertThat(region.attach().replay(0, new Applied())).isInstanceOf(ReplayOutcome.Replayed.class);
        }
    }

    /// A guest dies in its consistency point; its successor's first one cannot switch halves, so what it makes durable
    /// stands in front of what comes afterwards.
    @Test
    void damagedRecordsThatNobodyNeedsDoNotBarTheWayToThoseBehind() throws IOException {
        for (int seed = 0; seed < 300; seed++) {
            var random = new Random(seed);
            region = new TestRegion(HALF_BYTES);
            NvLog log = opened();
            int older = 1 + random.nextInt(2);
            int durable = older + 1 + random.nextInt(4);
            int last = durable + 1 + random.nextInt(4);
            List<Position> positions = new ArrayList<>();
            List<byte[]> journal = new ArrayList<>();
            while (positions.size() < last) {
                positions.add(append(log));
                journal.add(image(positions.size()));
                if (positions.size() == older) {
                    assertThat(log.freeze().switched()).isTrue();
                } else if (positions.size() == durable) {
                    assertThat(log.freeze().switched()).isFalse();
                }
            }
            log.durable(durable, 1);
            region.flusher.flushed(last);
            int hits = 1 + random.nextInt(last);
            for (int hit = 0; hit < hits; hit++) {
                Position at = positions.get(older + random.nextInt(last - older));
                long half = LogLayout.HEADER_BYTES + at.half() * HALF_BYTES;
                region.log.asSlice(half + at.recordBytes() + random.nextInt(100), 20).fill((byte) 0x55);
            }
            // What is durable is trimmed.
            FlushedRecords source = lsn -> lsn > durable ? Optional.of(journal.get((int) lsn - 1)) : Optional.empty();
            var applied = new Applied();
            NvLog successor = region.attach();
            assertThat(successor.replay(durable, applied, source)).as("seed %d", seed)
                    .isInstanceOf(ReplayOutcome.Replayed.class);
            assertThat(applied.lsns).hasSize(last - durable).last().isEqualTo((long) last);
            for (int i = 0; i < applied.lsns.size(); i++) {
                assertThat(copy(successor, applied.positions.get(i).payloadRef()))
                        .isEqualTo(TestRegion.block(applied.lsns.get(i)).toArray(ValueLayout.JAVA_BYTE));
            }
            assertThat(append(successor).lsn()).isEqualTo(last + 1);
            assertThat(region.attach().replay(durable, new Applied())).as("all is put back, seed %d", seed)
                    .isEqualTo(new ReplayOutcome.Replayed(
                            last + 1 - durable, (last + 1L - durable) * journal.getFirst().length, last + 1));
        }
    }

    @Test
    void damagedRecordsThatWereNotFlushedAreNotAskedFor() throws IOException {
        NvLog log = opened();
        append(log);
        var position = append(log);
        region.flusher.flushed(1);
        region.log.asSlice(LogLayout.HEADER_BYTES + position.recordBytes(), 200).fill((byte) 0x55);
        FlushedRecords source = lsn -> {
            throw new AssertionError("asked for " + lsn);
        };
        assertThat(region.attach().replay(0, new Applied(), source))
                .isEqualTo(new ReplayOutcome.Damaged(2, 2, "lengths"));
    }

    @Test
    void damagedRecordsComeFromTheJournalWhenTheyWereFlushed() throws IOException {
        NvLog log = opened();
        List<byte[]> journal = new ArrayList<>();
        List<Position> positions = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            positions.add(append(log));
            journal.add(image(i + 1));
        }
        region.flusher.flushed(6);
        List<Long> asked = new ArrayList<>();
        FlushedRecords source = lsn -> {
            asked.add(lsn);
            return lsn == 5 ? Optional.of(new byte[500]) : Optional.of(journal.get((int) lsn - 1));
        };
        for (int i : new int[] {1, 2, 5}) {
            region.log.asSlice(LogLayout.HEADER_BYTES + positions.get(i).recordBytes(), 200).fill((byte) 0x55);
        }
        var applied = new Applied();
        NvLog successor = region.attach();
        assertThat(successor.replay(0, applied, source)).isEqualTo(
                new ReplayOutcome.Replayed(8, 8L * journal.getFirst().length, 8));
        assertThat(applied.positions).isEqualTo(positions);
        assertThat(asked).containsExactly(2L, 3L, 6L);
        assertThat(successor.fetchedRecords()).isEqualTo(3);
        assertThat(region.attach().replay(0, new Applied())).as("put back").isInstanceOf(ReplayOutcome.Replayed.class);

        asked.clear();
        region.log.asSlice(LogLayout.HEADER_BYTES + positions.get(4).recordBytes(), 200).fill((byte) 0x55);
        assertThat(region.attach().replay(0, new Applied(), source)).as("what the journal gave is no record")
                .isEqualTo(new ReplayOutcome.Damaged(5, 8, "lengths"));
        assertThat(asked).containsExactly(5L);
    }

    /// The record as it stands in the log.
    private byte[] image(long lsn) {
        MemorySegment to = MemorySegment.ofArray(new byte[RecordLayout.RECORD_BYTES_MAX]);
        if (!(new LogReader(region.area()).next(lsn, to) instanceof LogReader.Answer.Found(LogRecord record))) {
            throw new AssertionError("record " + lsn + " is not there");
        }
        return to.asSlice(0, record.header().length()).toArray(ValueLayout.JAVA_BYTE);
    }

    @Test
    void manyReplaysOfAHarmlessRecordDoNotPoisonIt() throws IOException {
        append(opened());
        for (int death = 0; death < 5; death++) {
            assertThat(region.attach().replay(0, new Applied())).isInstanceOf(ReplayOutcome.Replayed.class);
        }
    }

    @Test
    void aLogThatIsBehindTheFsinfoGoesOnBehindIt() throws IOException {
        NvLog log = region.attach();
        assertThat(log.replay(41, new Applied())).isEqualTo(new ReplayOutcome.Replayed(0, 0, 41));
        assertThat(append(log).lsn()).isEqualTo(42);
        var applied = new Applied();
        assertThat(region.attach().replay(41, applied)).isInstanceOf(ReplayOutcome.Replayed.class);
        assertThat(applied.lsns).containsExactly(42L);
    }
}
