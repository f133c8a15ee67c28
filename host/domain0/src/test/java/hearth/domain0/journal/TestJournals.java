package hearth.domain0.journal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import hearth.base.Clock;
import hearth.base.Event;
import hearth.domain0.disk.DiskFiles;
import hearth.memory.journal.JournalEntry;

/// Journals of real files, and records whose bytes follow from their LSN.
final class TestJournals {
    static final String DOMAIN = "a";
    static final long AGGREGATE = 77;
    static final long SEED = 5;

    private TestJournals() {}

    static JournalSpec spec(Path folder, int files) {
        List<Path> paths = new ArrayList<>();
        for (int i = 0; i < files; i++) {
            paths.add(folder.resolve("journal" + i));
        }
        return new JournalSpec(DOMAIN, AGGREGATE, paths, JournalSpec.SIZE_BYTES_MIN, 0, DiskFiles.PLAIN);
    }

    static Journal create(JournalSpec spec, List<Event> events) throws JournalException {
        return Journal.create(spec, events::add, Clock.SYSTEM);
    }

    static Journal open(JournalSpec spec, List<Event> events) throws JournalException {
        return Journal.open(spec, false, events::add, Clock.SYSTEM);
    }

    static Journal.Append append(Journal journal, long lsn, int bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment body = arena.allocate(bytes);
            for (int i = 0; i < bytes; i++) {
                body.set(ValueLayout.JAVA_BYTE, i, (byte) (lsn * 31 + i));
            }
            return journal.append(new JournalEntry.Record(lsn, SEED), body);
        }
    }

    /// LSNs of the records, each checked byte for byte.
    static List<Long> lsns(Journal journal) throws IOException {
        List<Long> lsns = new ArrayList<>();
        try (JournalRecords records = journal.records()) {
            Optional<JournalRecords.Found> found = records.next();
            while (found.isPresent()) {
                long lsn = found.get().lsn();
                byte[] bytes = found.get().bytes().toArray(ValueLayout.JAVA_BYTE);
                for (int i = 0; i < bytes.length; i++) {
                    if (bytes[i] != (byte) (lsn * 31 + i)) {
                        throw new AssertionError("record " + lsn + " differs at " + i);
                    }
                }
                lsns.add(lsn);
                found = records.next();
            }
        }
        return lsns;
    }
}
