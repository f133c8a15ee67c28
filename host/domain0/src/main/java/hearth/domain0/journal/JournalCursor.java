package hearth.domain0.journal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import hearth.memory.journal.JournalCodec;
import hearth.memory.journal.JournalCodec.Decoded;
import hearth.memory.journal.JournalEntry;
import hearth.memory.journal.JournalEntryLayout;
import hearth.memory.journal.JournalHeader;
import hearth.memory.journal.JournalLayout;
import hearth.memory.log.RecordLayout;

/// Walks the circle from the header's tail to the end. An entry counts when any of the files has it; a file that lacks
/// one is named, so that it can be made again from the others.
final class JournalCursor implements AutoCloseable {
    /// The longest entry there can be.
    static final int ENTRY_BYTES_MAX = JournalCodec.length(RecordLayout.RECORD_BYTES_MAX);

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int WINDOW_BYTES = 2 * ENTRY_BYTES_MAX;

    private final Arena arena = Arena.ofShared();
    private final List<Window> windows = new ArrayList<>();
    private final JournalCodec codec;
    private final long circleEnd;
    private final Set<JournalFile> incomplete = new LinkedHashSet<>();
    private long offset;
    private long sequence;
    private long leftBytes;

    JournalCursor(List<JournalFile> files, JournalHeader header) {
        for (JournalFile file : files) {
            windows.add(new Window(file, arena.allocate(WINDOW_BYTES, Long.BYTES)));
        }
        codec = new JournalCodec(header.id());
        circleEnd = header.sizeBytes();
        leftBytes = circleEnd - JournalLayout.ENTRIES_OFFSET;
        offset = header.tailOffset();
        sequence = header.tailSequence();
    }

    /// One entry: where it stands, what it says, and its bytes (of a pad the header's only), valid until the next step.
    record Step(long offset, Decoded decoded, MemorySegment bytes) {
        MemorySegment body() {
            return bytes.asSlice(JournalEntryLayout.SIZE, decoded.bodyLength());
        }
    }

    /// The next entry; empty at the end, where `offset` and `sequence` say what would stand there next.
    Optional<Step> next() throws IOException {
        Optional<Step> found = Optional.empty();
        List<JournalFile> without = new ArrayList<>();
        for (Window window : windows) {
            Optional<Step> here = look(window);
            if (here.isEmpty()) {
                without.add(window.file);
            } else if (found.isEmpty()) {
                found = here;
            }
        }
        if (found.isPresent()) {
            incomplete.addAll(without);
            int length = found.get().decoded().length();
            leftBytes -= length;
            offset = offset + length == circleEnd ? JournalLayout.ENTRIES_OFFSET : offset + length;
            sequence++;
        }
        return found;
    }

    private Optional<Step> look(Window window) throws IOException {
        MemorySegment at = window.from(offset, circleEnd);
        return codec.decode(at)
                .filter(decoded -> decoded.sequence() == sequence && decoded.durableSequence() < sequence
                        && decoded.length() <= Math.min(leftBytes, circleEnd - offset))
                .filter(decoded -> !(decoded.entry() instanceof JournalEntry.Pad)
                        || decoded.length() == circleEnd - offset)
                .map(decoded -> new Step(offset, decoded,
                        at.asSlice(0, JournalCodec.length(decoded.bodyLength()))));
    }

    long offset() {
        return offset;
    }

    long sequence() {
        return sequence;
    }

    /// Files that lacked an entry that another one had.
    Set<JournalFile> incomplete() {
        return incomplete;
    }

    /// An entry that stands behind the end.
    record Stray(JournalFile file, long offset, Decoded decoded) {}

    /// After the end: entries of the expected sequence number or later, anywhere in the circle of any file. They are
    /// what the host's death left of a batch that was not flushed, or proof that a durable entry is gone.
    List<Stray> strays() throws IOException {
        List<Stray> strays = new ArrayList<>();
        for (Window window : windows) {
            for (long at = JournalLayout.ENTRIES_OFFSET; at < circleEnd; at += JournalEntryLayout.ALIGNMENT) {
                if (!window.hasMagic(at, circleEnd)) {
                    continue;
                }
                long place = at;
                codec.decode(window.from(at, circleEnd))
                        .filter(decoded -> decoded.sequence() >= sequence)
                        .ifPresent(decoded -> strays.add(new Stray(window.file, place, decoded)));
            }
        }
        return strays;
    }

    @Override
    public void close() {
        arena.close();
    }

    /// A piece of one file in memory, read anew when what is wanted lies outside.
    private static final class Window {
        private final JournalFile file;
        private final MemorySegment memory;
        private long start;
        private long length;

        Window(JournalFile file, MemorySegment memory) {
            this.file = file;
            this.memory = memory;
        }

        /// A quick look before a thorough one: most places hold no entry.
        boolean hasMagic(long offset, long circleEnd) throws IOException {
            if (offset < start || offset + Integer.BYTES > start + length) {
                from(offset, circleEnd);
            }
            return offset + Integer.BYTES <= start + length
                    && memory.get(INT, offset - start) == JournalEntryLayout.MAGIC_VALUE;
        }

        /// What stands at `offset`: enough for any entry, unless the circle ends before.
        MemorySegment from(long offset, long circleEnd) throws IOException {
            long wanted = Math.min(ENTRY_BYTES_MAX, circleEnd - offset);
            if (offset < start || offset + wanted > start + length) {
                start = offset;
                length = file.readAt(memory.asSlice(0, Math.min(WINDOW_BYTES, circleEnd - offset)), offset);
            }
            return memory.asSlice(offset - start, Math.max(0, Math.min(wanted, start + length - offset)));
        }
    }
}
