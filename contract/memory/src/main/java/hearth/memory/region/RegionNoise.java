package hearth.memory.region;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import hearth.base.Units;
import hearth.memory.cache.CacheLayout;
import hearth.memory.cache.CachePlan;
import hearth.memory.cache.SetLayout;
import hearth.memory.cache.WayLayout;
import hearth.memory.duplicates.DuplicateTableLayout;
import hearth.memory.index.DirtyIndexLayout;
import hearth.memory.index.EntryLayout;
import hearth.memory.log.LogArea;
import hearth.memory.log.LogLayout;
import hearth.memory.log.LogReader;
import hearth.memory.log.LogRecord;
import hearth.memory.log.RecordLayout;

/// Wild stores, for tests alone: overwrites parts of a region by seed while no guest uses it. Each struck byte differs
/// from what stood there. One thread.
public final class RegionNoise {
    private static final int RUN_MAX = 16;

    /// Of so many hits one goes to what describes a thing and not to the thing itself.
    private static final int HEADER_ONE_IN = 4;

    private final Region region;
    private final Random random;

    /// @param seed the same seed strikes the same places of the same region
    public RegionNoise(Region region, long seed) {
        this.region = region;
        random = new Random(seed);
    }

    /// Strikes at most `count` places of a part. What was struck, by its number, in ascending order: frames, slots,
    /// LSNs, entries; empty when there is nothing to strike.
    public List<Long> strike(NoisePart part, int count) {
        List<Long> struck = switch (part) {
            case FRAMES -> frames(count);
            case CHECKPOINT -> checkpoint(count);
            case LOG -> log(count, 1, region.control().flushedLsn());
            case LOG_TAIL -> log(count, region.control().flushedLsn() + 1, Long.MAX_VALUE);
            case INDEX -> index(count);
            case DUPLICATES -> duplicates(count);
            case SESSION -> session(count);
        };
        return struck.stream().distinct().sorted().toList();
    }

    /// Changes a run of bytes somewhere in these `length`.
    private void hit(MemorySegment memory, long at, long length) {
        long from = at + random.nextLong(length);
        long to = Math.min(at + length, from + 1 + random.nextInt(RUN_MAX));
        for (long byteAt = from; byteAt < to; byteAt++) {
            byte before = memory.get(ValueLayout.JAVA_BYTE, byteAt);
            memory.set(ValueLayout.JAVA_BYTE, byteAt, (byte) (before ^ 1 + random.nextInt(255)));
        }
    }

    private <T> List<T> choose(List<T> from, int count) {
        Collections.shuffle(from, random);
        return from.subList(0, Math.min(count, from.size()));
    }

    private List<Long> frames(int count) {
        CachePlan plan = region.geometry().cachePlan();
        MemorySegment file = region.file(FileKind.CACHE);
        List<Long> whole = new ArrayList<>();
        for (long frame = 0; frame < plan.frames(); frame++) {
            if (file.get(ValueLayout.JAVA_LONG, wayAt(plan, frame) + WayLayout.GENERATION_OFFSET) > 0) {
                whole.add(frame);
            }
        }
        List<Long> struck = choose(whole, count);
        for (long frame : struck) {
            if (random.nextInt(HEADER_ONE_IN) == 0) {
                hit(file, wayAt(plan, frame), WayLayout.SIZE);
            } else {
                hit(file, plan.frameOffset(frame), Units.BLOCK_SIZE);
            }
        }
        return struck;
    }

    private static long wayAt(CachePlan plan, long frame) {
        long set = frame / CacheLayout.WAYS_VALUE;
        return plan.areaOffset() + CacheLayout.SIZE + set * SetLayout.SIZE + SetLayout.WAYS_OFFSET
                + frame % CacheLayout.WAYS_VALUE * WayLayout.SIZE;
    }

    private List<Long> checkpoint(int count) {
        MemorySegment slots = region.area(Area.CHECKPOINT).memory();
        long slotBytes = slots.byteSize() / 2;
        List<Long> struck = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long slot = random.nextInt(2);
            int length = slots.get(ValueLayout.JAVA_INT, slot * slotBytes + CommitSlotLayout.LENGTH_OFFSET);
            boolean used = length > 0 && length <= slotBytes - CommitSlotLayout.SIZE;
            hit(slots, slot * slotBytes, CommitSlotLayout.CRC_OFFSET + Integer.BYTES);
            if (used) {
                hit(slots, slot * slotBytes + CommitSlotLayout.SIZE, length);
            }
            struck.add(slot);
        }
        return struck;
    }

    private List<Long> log(int count, long firstLsn, long lastLsn) {
        var area = new LogArea(
                region.area(Area.LOG).memory(), region.geometry().logHalfBytes(), region.instance());
        var reader = new LogReader(area);
        Optional<Long> first = reader.firstLsn();
        List<LogRecord> records = new ArrayList<>();
        long from = first.isEmpty() ? Long.MAX_VALUE : Math.max(first.get(), firstLsn);
        for (long lsn = from; lsn <= Math.min(lastLsn, area.committedLsn()); lsn++) {
            if (!(reader.next(lsn) instanceof LogReader.Answer.Found(LogRecord record))) {
                break;
            }
            records.add(record);
        }
        List<LogRecord> struck = choose(records, count);
        struck.forEach(this::hit);
        return struck.stream().map(LogRecord::lsn).toList();
    }

    private void hit(LogRecord record) {
        MemorySegment log = region.area(Area.LOG).memory();
        long at = LogLayout.HEADER_BYTES + record.half() * region.geometry().logHalfBytes() + record.position();
        int body = record.header().bodyLength();
        int payload = record.header().payloadLength();
        int part = random.nextInt(payload > 0 ? 3 : 2);
        if (part == 0 || part == 1 && body == 0) {
            hit(log, at, RecordLayout.HEADER_BYTES);
        } else if (part == 1) {
            hit(log, at + RecordLayout.HEADER_BYTES, body);
        } else {
            hit(log, at + record.header().payloadOffset(), payload);
        }
    }

    private List<Long> index(int count) {
        List<Long> struck = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            MemorySegment index = region.area(random.nextBoolean() ? Area.INDEX_0 : Area.INDEX_1).memory();
            if (random.nextInt(HEADER_ONE_IN) == 0) {
                hit(index, 0, DirtyIndexLayout.HEADER_BYTES);
                struck.add(0L);
                continue;
            }
            long entry = random.nextInt(region.geometry().indexEntriesPerHalf());
            long at = DirtyIndexLayout.HEADER_BYTES + entry * EntryLayout.SIZE;
            for (int word = 0; word < EntryLayout.SIZE; word += Long.BYTES) {
                index.set(ValueLayout.JAVA_LONG, at + word, random.nextLong());
            }
            struck.add(entry);
        }
        return struck;
    }

    private List<Long> duplicates(int count) {
        MemorySegment table = region.area(Area.DUPLICATES).memory();
        List<Long> answers = new ArrayList<>();
        for (long entry = 0; entry < region.geometry().duplicateEntries(); entry++) {
            long at = entry * DuplicateTableLayout.SIZE;
            if (table.get(ValueLayout.JAVA_LONG, at + DuplicateTableLayout.GENERATION_OFFSET) > 0) {
                answers.add(entry);
            }
        }
        List<Long> struck = choose(answers, count);
        for (long entry : struck) {
            long at = entry * DuplicateTableLayout.SIZE;
            int reply = table.get(ValueLayout.JAVA_INT, at + DuplicateTableLayout.REPLY_LENGTH_OFFSET);
            // Also of an answer that was struck before.
            boolean header = reply <= 0 || reply > RecordLayout.REPLY_BYTES_MAX || random.nextInt(HEADER_ONE_IN) == 0;
            hit(table, header ? at : at + DuplicateTableLayout.REPLY_OFFSET,
                    header ? DuplicateTableLayout.CRC_OFFSET + Integer.BYTES : reply);
        }
        return struck;
    }

    private List<Long> session(int count) {
        MemorySegment area = region.area(Area.SESSION).memory();
        List<Long> struck = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long at = random.nextLong(area.byteSize());
            hit(area, at, 1);
            struck.add(at);
        }
        return struck;
    }
}
