package hearth.domain0.journal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

import hearth.domain0.disk.Disk;
import hearth.memory.death.DeathPoint;
import hearth.memory.death.StoreGroup;
import hearth.memory.journal.JournalHeader;
import hearth.memory.journal.JournalHeaderLayout;
import hearth.memory.journal.JournalLayout;

/// One of a journal's files, open.
final class JournalFile implements AutoCloseable {
    private static final int SECTOR_SIZE = 512;

    private final Path path;
    private final Disk disk;
    private volatile boolean failed;

    JournalFile(Path path, Disk disk) {
        this.path = path;
        this.disk = disk;
    }

    Path path() {
        return path;
    }

    long sizeBytes() {
        return disk.sizeBytes();
    }

    /// Whether a write or flush failed: the file is left alone from then on.
    boolean isFailed() {
        return failed;
    }

    void fail() {
        failed = true;
    }

    long readAt(MemorySegment to, long offset) throws IOException {
        return disk.readAt(to, offset);
    }

    void writeAt(MemorySegment from, long offset) throws IOException {
        if (DeathPoint.ARMED) {
            // A write that is cut short ends where a sector ends.
            long first = from.byteSize() / 2 / SECTOR_SIZE * SECTOR_SIZE;
            if (first > 0) {
                disk.writeAt(from.asSlice(0, first), offset);
                DeathPoint.stored(StoreGroup.JOURNAL);
            }
        }
        disk.writeAt(from, offset);
        DeathPoint.stored(StoreGroup.JOURNAL);
    }

    void flush() throws IOException {
        disk.flush();
        DeathPoint.stored(StoreGroup.JOURNAL);
    }

    /// Writes the header's slot; flush makes it durable.
    void writeHeader(JournalHeader header) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment slot = arena.allocate(JournalHeaderLayout.SIZE);
            MemorySegment.copy(header.encode(), 0, slot, ValueLayout.JAVA_BYTE, 0, JournalHeaderLayout.SIZE);
            disk.writeAt(slot, JournalLayout.headerOffset(header.generation()));
            DeathPoint.stored(StoreGroup.JOURNAL);
        }
    }

    /// Judges both slots: the newer good one, or why there is none.
    JournalHeader.Decoded readHeader() throws IOException {
        JournalHeader.Decoded newer = newerSlot();
        if (newer instanceof JournalHeader.Decoded.Good(var header) && header.sizeBytes() > disk.sizeBytes()) {
            return new JournalHeader.Decoded.Corrupt("shorter than its header says");
        }
        return newer;
    }

    private JournalHeader.Decoded newerSlot() throws IOException {
        JournalHeader.Decoded first = readSlot(JournalLayout.HEADER_0_OFFSET);
        JournalHeader.Decoded second = readSlot(JournalLayout.HEADER_1_OFFSET);
        if (first instanceof JournalHeader.Decoded.TooNew || second instanceof JournalHeader.Decoded.Corrupt) {
            return first;
        }
        boolean firstIsNewer = first instanceof JournalHeader.Decoded.Good(var a)
                && second instanceof JournalHeader.Decoded.Good(var b)
                && a.generation() > b.generation();
        return firstIsNewer ? first : second;
    }

    private JournalHeader.Decoded readSlot(long offset) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment slot = arena.allocate(JournalHeaderLayout.SIZE);
            if (disk.readAt(slot, offset) < JournalHeaderLayout.SIZE) {
                return new JournalHeader.Decoded.Corrupt("too short");
            }
            return JournalHeader.decode(slot.toArray(ValueLayout.JAVA_BYTE));
        }
    }

    /// Whether both slots are all zero.
    boolean isBlank() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment slots = arena.allocate(JournalLayout.ENTRIES_OFFSET, Long.BYTES);
            disk.readAt(slots, 0);
            return slots.mismatch(arena.allocate(JournalLayout.ENTRIES_OFFSET, Long.BYTES)) == -1;
        }
    }

    @Override
    public void close() {
        disk.close();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
