package hearth.memory.log;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Iterator;

import hearth.base.Check;
import hearth.memory.area.AreaMemory;

/// Domain 0 writes a fresh log area before any incarnation exists: an empty one, or after a host reboot one with the
/// journal's records. LSNs, incarnations and bodies are kept, CRCs are made again with the new seed, and records with
/// the same consistency point number share a half as before.
public final class LogLoader {
    private final LogArea area;
    private final AreaMemory memory;
    private int half = -1;
    private long cpGeneration;
    private long position;
    private long nextLsn;

    /// Takes an area full of zeros.
    public LogLoader(LogArea area) {
        this.area = area;
        this.memory = area.memory();
    }

    /// Outcome of loading.
    public sealed interface Loaded {
        /// Records `durableLsn + 1` to `lastLsn` are in place; equal when there were none.
        record Complete(long durableLsn, long lastLsn) implements Loaded {}

        /// The record expected as `lsn` is missing, damaged or does not fit; the area must not be used.
        record Refused(long lsn, String why) implements Loaded {}
    }

    /// Writes the area with the whole records that `records` gives in LSN order, the first being `durableLsn + 1`;
    /// those up to `durableLsn` are skipped. Each record's CRC is checked with `oldSeed` first. With no record at all
    /// the log begins empty at `durableLsn + 1`.
    public Loaded load(long durableLsn, Iterator<MemorySegment> records, long oldSeed) {
        Check.that(area.complaint().isPresent() && area.halfGeneration(0) == 0 && area.halfGeneration(1) == 0,
                "the log area is in use");
        nextLsn = durableLsn + 1;
        while (records.hasNext()) {
            MemorySegment record = records.next();
            if (record.byteSize() < RecordLayout.HEADER_BYTES) {
                return new Loaded.Refused(nextLsn, "shorter than a header");
            }
            byte[] first = record.asSlice(0, RecordLayout.HEADER_BYTES).toArray(ValueLayout.JAVA_BYTE);
            var peeked = RecordCodec.peek(first, record.byteSize());
            if (peeked.isEmpty()) {
                return new Loaded.Refused(nextLsn, "lengths");
            }
            if (peeked.get().lsn() <= durableLsn) {
                continue;
            }
            byte[] image = record.asSlice(0, RecordLayout.HEADER_BYTES + peeked.get().bodyLength())
                    .toArray(ValueLayout.JAVA_BYTE);
            switch (RecordCodec.parse(image, nextLsn, oldSeed)) {
                case RecordCodec.Parsed.Bad(String why) -> {
                    return new Loaded.Refused(nextLsn, why);
                }
                case RecordCodec.Parsed.Good(RecordHeader header) -> {
                    if (!add(header, image, record)) {
                        return new Loaded.Refused(nextLsn, "does not fit into the halves");
                    }
                }
            }
        }
        finish(durableLsn);
        return new Loaded.Complete(durableLsn, nextLsn - 1);
    }

    private boolean add(RecordHeader header, byte[] image, MemorySegment record) {
        if (half < 0 || header.cpGeneration() != cpGeneration) {
            if (half == 1 || header.cpGeneration() < cpGeneration) {
                return false;
            }
            half++;
            cpGeneration = header.cpGeneration();
            position = 0;
            area.openHalf(half, nextLsn, cpGeneration);
        }
        if (header.length() > area.halfBytes() - position) {
            return false;
        }
        var fresh = new RecordHeader(header.lsn(), header.incarnation(), cpGeneration, header.type(), header.flags(), 0,
                header.bodyLength(), header.payloadLength(), header.replyLength(), header.call());
        RecordCodec.encode(fresh, image, area.seed());
        long at = area.offset(half, position);
        memory.copyIn(image, 0, at, image.length);
        memory.copyIn(record, header.payloadOffset(), at + header.payloadOffset(), header.payloadLength());
        memory.putLongRelease(at + RecordLayout.COMMIT_OFFSET, header.lsn());
        position += header.length();
        nextLsn++;
        return true;
    }

    private void finish(long durableLsn) {
        if (half < 0) {
            half = 0;
            area.openHalf(0, nextLsn, 1);
        }
        memory.putLong(LogLayout.ACTIVE_HALF_OFFSET, half);
        memory.putLong(LogLayout.COMMITTED_LSN_OFFSET, nextLsn - 1);
        memory.putLong(LogLayout.DURABLE_LSN_OFFSET, durableLsn);
        memory.putLong(LogLayout.HALF_BYTES_OFFSET, area.halfBytes());
        memory.putLong(LogLayout.SEED_OFFSET, area.seed());
        memory.putInt(LogLayout.VERSION_OFFSET, LogLayout.VERSION);
        memory.putLongRelease(LogLayout.MAGIC_OFFSET, LogLayout.MAGIC);
    }
}
