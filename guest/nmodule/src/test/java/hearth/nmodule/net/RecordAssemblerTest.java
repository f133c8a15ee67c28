package hearth.nmodule.net;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import hearth.base.Units;
import hearth.base.posix.PosixException;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: whatever the pieces in which a stream comes, the same records come out, and all memory goes back.
/// Method: the assembler alone, fed in random pieces from a printed seed; real buffer memory.
class RecordAssemblerTest {
    private static final int RECORD_BYTES_MAX = NetLimits.RECORD_BYTES_MAX;

    private final BufferPool pool = pool();
    private final PrivateStreamBuffer buffer = new PrivateStreamBuffer(pool, 8L * Units.MIB, 0, 0, () -> {});
    private final RecordAssembler assembler = new RecordAssembler(buffer, RECORD_BYTES_MAX);
    private final Random random = seeded();

    private static BufferPool pool() {
        try {
            return new BufferPool(32L * Units.MIB);
        } catch (PosixException e) {
            throw new AssertionError(e);
        }
    }

    private static Random seeded() {
        long seed = Long.getLong("hearth.seed", new Random().nextLong());
        System.out.println("RecordAssemblerTest seed " + seed + " (-Dhearth.seed=…)");
        return new Random(seed);
    }

    @Test
    void recordsComeOutAsTheyWereSentWhateverThePieces() {
        for (int round = 0; round < 20; round++) {
            List<byte[]> sent = new ArrayList<>();
            var stream = new ByteArrayOutputStream();
            for (int i = 0; i < 30; i++) {
                byte[] record = randomRecord();
                sent.add(record);
                stream.writeBytes(fragmented(record));
            }
            assertThat(feed(stream.toByteArray(), true)).containsExactlyElementsOf(sent);
            assembler.idle();
            assertThat(buffer.leasedBytes()).isZero();
            assertThat(buffer.consumedBytes()).isEqualTo(buffer.appendedBytes());
        }
        assertThat(pool.freeBytes()).isEqualTo(32L * Units.MIB);
    }

    @Test
    void aLargeRecordIsReceivedWhereItIsUsed() {
        byte[] record = new byte[Units.MIB];
        random.nextBytes(record);
        byte[] stream = fragment(record, 0, record.length, true);
        int first = give(stream, 0, RecordAssembler.FIRST_BLOCK_BYTES);
        assertThat(assembler.next()).isInstanceOf(RecordAssembler.Next.Incomplete.class);
        var room = assembler.room().orElseThrow();
        MemorySegment.copy(stream, first, room, ValueLayout.JAVA_BYTE, 0, stream.length - first);
        assembler.received(stream.length - first);
        var whole = (RecordAssembler.Next.Whole) assembler.next();
        long offset = room.address() - whole.bytes().address();
        assertThat(offset).as("what was received last stands in the record").isBetween(0L, record.length - 1L);
        assertThat(Memory.bytes(whole.bytes())).isEqualTo(record);
        whole.lease().release();
    }

    @Test
    void severalRecordsShareOneBlockUntilTheLastIsReleased() {
        byte[] a = fragment(new byte[] {1, 2, 3}, 0, 3, true);
        byte[] b = fragment(new byte[] {4, 5}, 0, 2, true);
        give(a, 0, a.length);
        give(b, 0, b.length);
        var first = (RecordAssembler.Next.Whole) assembler.next();
        var second = (RecordAssembler.Next.Whole) assembler.next();
        assembler.idle();
        assertThat(buffer.leasedBytes()).isEqualTo(RecordAssembler.FIRST_BLOCK_BYTES);
        first.lease().release();
        assertThat(Memory.bytes(second.bytes())).containsExactly(4, 5);
        second.lease().release();
        assertThat(buffer.leasedBytes()).isZero();
    }

    @Test
    void aRecordOverTheLimitIsRefusedByItsHeaderAlone() {
        for (int length : new int[] {RECORD_BYTES_MAX + 1, Integer.MAX_VALUE}) {
            var fresh = new RecordAssembler(buffer, RECORD_BYTES_MAX);
            byte[] header = ByteBuffer.allocate(4).putInt(length | 1 << 31).array();
            var room = fresh.room().orElseThrow();
            MemorySegment.copy(header, 0, room, ValueLayout.JAVA_BYTE, 0, 4);
            fresh.received(4);
            assertThat(fresh.next()).isInstanceOf(RecordAssembler.Next.Excessive.class);
            fresh.close();
        }
        assertThat(buffer.leasedBytes()).isZero();
    }

    @Test
    void fragmentsThatAddUpToMoreThanTheLimitAreRefused() {
        byte[] half = fragment(new byte[RECORD_BYTES_MAX / 2 + 1], 0, RECORD_BYTES_MAX / 2 + 1, false);
        assertThat(feed(half, false)).isEmpty();
        int given = give(half, 0, 4);
        assertThat(given).isEqualTo(4);
        assertThat(assembler.next()).isInstanceOf(RecordAssembler.Next.Excessive.class);
    }

    @Test
    void endlessEmptyFragmentsAreRefused() {
        byte[] empty = ByteBuffer.allocate(4).putInt(0).array();
        RecordAssembler.Next next = assembler.next();
        for (int i = 0; i < 10_000 && next instanceof RecordAssembler.Next.Incomplete; i++) {
            give(empty, 0, 4);
            next = assembler.next();
        }
        assertThat(next).isInstanceOf(RecordAssembler.Next.Excessive.class);
        assertThat(buffer.leasedBytes()).isLessThanOrEqualTo(2L * Units.MIB);
    }

    /// Gives all bytes in random pieces and returns the records; a few are held for a while, as running calls do.
    private List<byte[]> feed(byte[] stream, boolean expectWhole) {
        List<byte[]> records = new ArrayList<>();
        List<RecordAssembler.Next.Whole> held = new ArrayList<>();
        int position = 0;
        while (position < stream.length) {
            position += give(stream, position, 1 + random.nextInt(random.nextBoolean() ? 300_000 : 10));
            while (assembler.next() instanceof RecordAssembler.Next.Whole whole) {
                records.add(Memory.bytes(whole.bytes()));
                held.add(whole);
                if (held.size() > 3) {
                    held.removeFirst().lease().release();
                }
            }
            if (random.nextInt(4) == 0) {
                assembler.idle();
            }
        }
        held.forEach(whole -> whole.lease().release());
        assertThat(records.isEmpty()).isEqualTo(!expectWhole);
        return records;
    }

    private int give(byte[] stream, int from, int most) {
        var room = assembler.room().orElseThrow();
        assertThat(room.byteSize()).isPositive();
        int count = (int) Math.min(Math.min(most, stream.length - from), room.byteSize());
        MemorySegment.copy(stream, from, room, ValueLayout.JAVA_BYTE, 0, count);
        assembler.received(count);
        return count;
    }

    private byte[] randomRecord() {
        int length =
                switch (random.nextInt(6)) {
                    case 0 -> random.nextInt(RECORD_BYTES_MAX);
                    case 1 -> RecordAssembler.FIRST_BLOCK_BYTES - 8 + random.nextInt(16);
                    default -> 1 + random.nextInt(400);
                };
        byte[] record = new byte[length];
        random.nextBytes(record);
        return record;
    }

    private byte[] fragmented(byte[] record) {
        var stream = new ByteArrayOutputStream();
        int from = 0;
        while (random.nextInt(3) == 0 && stream.size() < record.length + 400) {
            int length = random.nextInt(record.length - from + 1);
            stream.writeBytes(fragment(record, from, length, false));
            from += length;
        }
        stream.writeBytes(fragment(record, from, record.length - from, true));
        return stream.toByteArray();
    }

    private static byte[] fragment(byte[] record, int from, int length, boolean last) {
        return ByteBuffer.allocate(4 + length)
                .putInt(length | (last ? 1 << 31 : 0))
                .put(record, from, length)
                .array();
    }
}
