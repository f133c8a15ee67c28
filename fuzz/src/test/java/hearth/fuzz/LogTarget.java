package hearth.fuzz;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32C;

import hearth.memory.log.CallIdentity;
import hearth.memory.log.HalfLayout;
import hearth.memory.log.LogArea;
import hearth.memory.log.LogLayout;
import hearth.memory.log.LogLoader;
import hearth.memory.log.LogReader;
import hearth.memory.log.LogReader.Answer;
import hearth.memory.log.LogRecord;
import hearth.memory.log.LogWriter;
import hearth.memory.log.RecordCodec;
import hearth.memory.log.RecordHeader;
import hearth.memory.log.RecordLayout;

/// A log whose writer cannot be trusted, as the flusher and a successor's replay read it. An input is a list of stores
/// into a good log: to its header page, to its records, with a record's or a half's checksum put right afterwards or
/// not. Then every LSN is asked for, and the records are loaded into a new log as after a reboot.
final class LogTarget implements Target {
    private static final long HALF_BYTES = 8192;
    private static final long SEED = 0x1234_5678_9ABCL;
    private static final int RECORDS = 6;
    private static final int LSN_MAX = 12;
    private static final int STORES_MAX = 64;
    private static final int HEADER_PAGE_USED = 512 - Long.BYTES;
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment good = log();
    private final MemorySegment memory = memory();
    private final MemorySegment loaded = memory();
    private final MemorySegment buffer = Arena.global().allocate(RecordLayout.RECORD_BYTES_MAX, 64);
    private final LogArea area = new LogArea(memory, HALF_BYTES, SEED);

    private static MemorySegment memory() {
        return Arena.global().allocate(LogLayout.areaBytes(HALF_BYTES), 64);
    }

    /// Three records in each half, of different sizes.
    private static MemorySegment log() {
        MemorySegment memory = memory();
        var area = new LogArea(memory, HALF_BYTES, SEED);
        new LogLoader(area).load(0, Collections.emptyIterator(), SEED);
        var half = area.half(0).orElseThrow();
        var writer = new LogWriter(area, 1, new LogReader.Position(0, half.generation(), 0, 1));
        for (int i = 1; i <= RECORDS; i++) {
            if (i == RECORDS / 2 + 1) {
                writer.switchHalf(2, () -> {});
            }
            var record = ((LogWriter.Claim.Claimed) writer.claim(10 * i, 100 * i)).record();
            record.payload(0, MemorySegment.ofArray(new byte[100 * i]), 0, 100 * i);
            var call = CallIdentity.of(new byte[] {127, 0, 0, 1}, i, i);
            record.fill((short) i, (short) 0, call, new byte[RecordLayout.HEADER_BYTES + 10 * i], i);
            record.commit();
        }
        return memory;
    }

    @Override
    public void accept(byte[] input) {
        store(input);
        area.complaint();
        var reader = new LogReader(area);
        reader.firstLsn();
        for (int lsn = 1; lsn <= LSN_MAX; lsn++) {
            judge(reader.next(lsn), lsn);
            judge(reader.nextUpTo(lsn, LSN_MAX), lsn);
        }
        for (int lsn = LSN_MAX; lsn > 0; lsn--) {
            judge(new LogReader(area).next(lsn, buffer), lsn);
        }
        load();
    }

    private void judge(Answer answer, long lsn) {
        if (!(answer instanceof Answer.Found(LogRecord record))) {
            return;
        }
        RecordHeader header = record.header();
        Property.holds(record.lsn() == lsn, "another record");
        Property.holds(record.position() >= 0 && record.position() <= HALF_BYTES - header.length(),
                "a record reaches beyond its half");
        Property.holds(record.payloadPosition() + header.payloadLength() <= record.position() + header.length(),
                "a payload reaches beyond its record");
        byte[] image = new byte[RecordLayout.HEADER_BYTES + header.bodyLength()];
        byte[] reply = record.reply();
        byte[] effect = record.effect();
        System.arraycopy(reply, 0, image, RecordLayout.HEADER_BYTES, reply.length);
        System.arraycopy(effect, 0, image, RecordLayout.HEADER_BYTES + reply.length, effect.length);
        RecordCodec.encode(header, image, SEED);
        MemorySegment.ofArray(image).set(LONG, RecordLayout.COMMIT_OFFSET, lsn);
        Property.holds(RecordCodec.parse(image, lsn, SEED).equals(new RecordCodec.Parsed.Good(header)),
                "a record changes when it is written again");
    }

    /// The first half as a journal's records.
    private void load() {
        loaded.fill((byte) 0);
        MemorySegment half = memory.asSlice(LogLayout.HEADER_BYTES, HALF_BYTES);
        int first = Math.clamp(half.get(INT, RecordLayout.LENGTH_OFFSET), 0, (int) HALF_BYTES);
        var fresh = new LogArea(loaded, HALF_BYTES, SEED + 1);
        var outcome = new LogLoader(fresh)
                .load(0, List.of(half.asSlice(0, first), half.asSlice(first)).iterator(), SEED);
        if (outcome instanceof LogLoader.Loaded.Complete(long durable, long last)) {
            Property.holds(fresh.complaint().isEmpty() && fresh.committedLsn() == last, "loaded and not whole");
            var reader = new LogReader(fresh);
            for (long lsn = durable + 1; lsn <= last; lsn++) {
                Property.holds(reader.next(lsn) instanceof Answer.Found, "loaded and not readable");
            }
        }
    }

    private void store(byte[] input) {
        memory.copyFrom(good);
        var in = new Input(input);
        for (int i = 0; i < STORES_MAX && in.hasMore(); i++) {
            int what = in.byte1();
            int where = in.short2();
            long value = in.long8();
            int at = (int) (LogLayout.HEADER_BYTES + where % (2 * HALF_BYTES - Long.BYTES));
            switch (what & 7) {
                case 0 -> memory.set(LONG, where % HEADER_PAGE_USED, value);
                case 1 -> memory.set(LONG, at, value);
                case 2 -> memory.set(INT, at, (int) value);
                case 3, 4 -> memory.set(SHORT, at, (short) value);
                case 5 -> repairHalf(where & 1);
                default -> {
                    if ((what & 8) != 0) {
                        memory.set(SHORT, recordAt(where) + (value & 63), (short) (value >>> 8));
                    }
                    repairRecord(recordAt(where));
                }
            }
        }
    }

    private static long recordAt(int where) {
        return LogLayout.HEADER_BYTES + where % 128 * RecordLayout.ALIGNMENT;
    }

    /// Makes what claims to be a record one that parses, if its lengths allow it.
    private void repairRecord(long at) {
        byte[] first = memory.asSlice(at, RecordLayout.HEADER_BYTES).toArray(ValueLayout.JAVA_BYTE);
        long room = memory.byteSize() - at;
        RecordCodec.peek(first, room).ifPresent(header -> {
            byte[] image = memory.asSlice(at, RecordLayout.HEADER_BYTES + header.bodyLength())
                    .toArray(ValueLayout.JAVA_BYTE);
            RecordCodec.encode(header, image, SEED);
            MemorySegment.copy(image, 0, memory, ValueLayout.JAVA_BYTE, at, image.length);
            memory.set(LONG, at + RecordLayout.COMMIT_OFFSET, header.lsn());
        });
    }

    private void repairHalf(int half) {
        long at = half == 0 ? LogLayout.HALF_0_OFFSET : LogLayout.HALF_1_OFFSET;
        var seeded = MemorySegment.ofArray(new byte[4 * Long.BYTES]);
        seeded.set(LONG, 0, SEED);
        MemorySegment.copy(memory, at, seeded, Long.BYTES, 3 * Long.BYTES);
        var crc = new CRC32C();
        crc.update(seeded.toArray(ValueLayout.JAVA_BYTE));
        memory.set(INT, at + HalfLayout.CRC_OFFSET, (int) crc.getValue());
    }

    /// Believes that a reply is part of the body.
    @Override
    public void acceptPlanted(byte[] input) {
        store(input);
        long at = LogLayout.HEADER_BYTES;
        int body = memory.get(INT, at + RecordLayout.BODY_LENGTH_OFFSET);
        int payload = memory.get(INT, at + RecordLayout.PAYLOAD_LENGTH_OFFSET);
        int reply = memory.get(SHORT, at + RecordLayout.REPLY_LENGTH_OFFSET);
        boolean lengths = body >= 0 && body <= RecordLayout.BODY_BYTES_MAX
                && payload >= 0 && payload <= RecordLayout.PAYLOAD_BYTES_MAX
                && memory.get(INT, at + RecordLayout.PAYLOAD_OFFSET_OFFSET) == RecordCodec.payloadOffset(body)
                && memory.get(INT, at + RecordLayout.LENGTH_OFFSET) == RecordCodec.length(body, payload);
        if (lengths && reply > body && reply <= RecordLayout.REPLY_BYTES_MAX) {
            throw new PlantedBug("a reply that is longer than the body");
        }
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(
                new byte[0],
                new Input.Writer().byte1(0).short2(LogLayout.ACTIVE_HALF_OFFSET).long8(0).done(),
                new Input.Writer().byte1(0).short2(LogLayout.HALF_0_OFFSET).long8(3).byte1(5).short2(0).long8(0).done(),
                new Input.Writer().byte1(3).short2(RecordLayout.REPLY_LENGTH_OFFSET).long8(2)
                        .byte1(6).short2(0).long8(0).done(),
                new Input.Writer().byte1(14).short2(0).long8(RecordLayout.TYPE_OFFSET | 9 << 8).done());
    }

    @Override
    public int bytesMax() {
        return STORES_MAX * 11;
    }
}
