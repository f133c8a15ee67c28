package hearth.domain0.journal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import hearth.base.Clock;
import hearth.base.Event;
import hearth.base.posix.Errno;
import hearth.base.posix.PosixException;
import hearth.domain0.disk.Disk;
import hearth.domain0.disk.DiskFiles.Use;
import hearth.memory.journal.JournalEntry;
import hearth.memory.journal.JournalEntryLayout;
import hearth.memory.journal.JournalHeader;
import hearth.memory.journal.JournalId;
import hearth.memory.journal.JournalLayout;
import hearth.memory.journal.JournalSummary;

/// Opens a journal: finds the newest header, walks to the end, tells a torn end from damage, and makes files that are
/// missing or behind again from the others. Nothing is written before the journal is known to be whole.
final class JournalOpening {
    private static final String BEHIND = "behind the other";

    private final JournalSpec spec;
    private final boolean acceptLoss;
    private final Event.Sink events;
    private final Clock clock;
    private final List<JournalFile> good = new ArrayList<>();
    private final Map<Path, String> bad = new LinkedHashMap<>();

    JournalOpening(JournalSpec spec, boolean acceptLoss, Event.Sink events, Clock clock) {
        this.spec = spec;
        this.acceptLoss = acceptLoss;
        this.events = events;
        this.clock = clock;
    }

    /// Makes a journal that has no entries yet. Fails when one of its files exists.
    static Journal create(JournalSpec spec, Event.Sink events, Clock clock) throws JournalException {
        return new JournalOpening(spec, false, events, clock).makeAll(emptySummary(spec));
    }

    static boolean isLeftover(JournalSpec spec) throws IOException {
        Path path = spec.files().getFirst();
        try (JournalFile file = new JournalFile(path, spec.opener().open(path, Use.JOURNAL))) {
            return switch (file.readHeader()) {
                case JournalHeader.Decoded.Good(JournalHeader header) -> header.aggregateId() == spec.aggregateId();
                case JournalHeader.Decoded.Corrupt _ -> file.isBlank();
                case JournalHeader.Decoded.TooNew _ -> false;
            };
        }
    }

    private static JournalSummary emptySummary(JournalSpec spec) {
        return JournalSummary.EMPTY.with(new JournalEntry.Incarnation(spec.incarnationFloor(), 0));
    }

    Journal open() throws JournalException {
        try {
            return openOrThrow();
        } catch (IOException e) {
            good.forEach(JournalFile::close);
            throw known(e);
        }
    }

    Journal.Looked look() throws JournalException {
        try {
            Optional<JournalHeader> newest = readHeaders();
            if (newest.isEmpty()) {
                throw lost();
            }
            Found found = walk(newest.get());
            Map<Path, String> rebuilt = new LinkedHashMap<>(bad);
            found.stale().stream().filter(file -> found.stale().size() < good.size())
                    .forEach(file -> rebuilt.put(file.path(), BEHIND));
            return new Journal.Looked(found.content().summary(), rebuilt);
        } catch (IOException e) {
            throw known(e);
        } finally {
            good.forEach(JournalFile::close);
        }
    }

    private static JournalException known(IOException e) {
        return e instanceof JournalException known ? known
                : new JournalException(JournalException.Kind.LOST, "journal: " + e.getMessage(), e);
    }

    /// What the files hold together.
    private record Found(JournalContent content, Set<JournalFile> stale, List<JournalCursor.Stray> strays) {}

    private Journal openOrThrow() throws IOException {
        Optional<JournalHeader> newest = readHeaders();
        if (newest.isEmpty()) {
            return lostAll();
        }
        JournalHeader header = newest.get();
        Found found = walk(header);
        JournalContent content = found.content();
        wipe(found.strays());
        content.include(new JournalEntry.Incarnation(spec.incarnationFloor(), content.summary().regionInstance()));
        List<JournalFile> files = repair(header, content, found.stale());
        return new Journal(spec.domain(), new JournalFiles(spec.domain(), files), header, content, events, clock);
    }

    /// Reads only.
    private Found walk(JournalHeader header) throws IOException {
        if (!header.domain().equals(spec.domain()) || header.aggregateId() != spec.aggregateId()) {
            throw new JournalException(JournalException.Kind.FOREIGN, "journal " + good.getFirst() + " belongs to "
                    + "controller " + header.domain() + ", aggregate " + Long.toHexString(header.aggregateId())
                    + "; put the right file there, or name another one");
        }
        JournalContent content = new JournalContent(header);
        Set<JournalFile> stale = new LinkedHashSet<>();
        List<JournalCursor.Stray> strays;
        try (var cursor = new JournalCursor(good, header)) {
            content.walk(cursor);
            strays = cursor.strays();
            stale.addAll(cursor.incomplete());
        }
        checkNothingDurableIsGone(content, strays);
        for (JournalFile file : good) {
            boolean current = file.readHeader() instanceof JournalHeader.Decoded.Good(var own)
                    && own.generation() == header.generation();
            if (!current) {
                stale.add(file);
            }
        }
        return new Found(content, stale, strays);
    }

    /// Opens what can be opened; keeps the files whose header is of the newest one's journal.
    private Optional<JournalHeader> readHeaders() throws IOException {
        Map<JournalFile, JournalHeader> headers = new LinkedHashMap<>();
        for (Path path : spec.files()) {
            try {
                JournalFile file = new JournalFile(path, spec.opener().open(path, Use.JOURNAL));
                good.add(file);
                switch (file.readHeader()) {
                    case JournalHeader.Decoded.Good(JournalHeader header) -> headers.put(file, header);
                    case JournalHeader.Decoded.Corrupt(String why) -> setAside(file, why);
                    case JournalHeader.Decoded.TooNew(int version) -> throw new JournalException(
                            JournalException.Kind.FOREIGN, "journal " + path + " has format version " + version
                                    + ", written by a later version of hearth");
                }
            } catch (PosixException e) {
                if (e.errno() != Errno.ENOENT && e.errno() != Errno.EIO) {
                    throw new JournalException(
                            JournalException.Kind.LOST, "journal " + path + ": " + e.getMessage(), e);
                }
                bad.put(path, e.errno() == Errno.ENOENT ? "missing" : e.getMessage());
            }
        }
        Optional<JournalHeader> newest = headers.values().stream()
                .reduce((a, b) -> b.generation() > a.generation() ? b : a);
        newest.ifPresent(header -> headers.forEach((file, own) -> {
            if (!own.id().equals(header.id())) {
                setAside(file, "of another journal");
            }
        }));
        return newest;
    }

    private void setAside(JournalFile file, String why) {
        good.remove(file);
        file.close();
        bad.put(file.path(), why);
    }

    private JournalException lost() {
        return new JournalException(JournalException.Kind.LOST, "no journal file can be read: " + bad
                + "; changes that were acknowledged as stable may be lost. Bring a file back, or start with "
                + "--accept-loss to go on without them");
    }

    private Journal lostAll() throws JournalException {
        if (!acceptLoss) {
            throw lost();
        }
        event("journal.loss-accepted", "files", bad.toString());
        for (Path path : bad.keySet()) {
            moveAside(path);
        }
        return makeAll(emptySummary(spec));
    }

    private void checkNothingDurableIsGone(JournalContent content, List<JournalCursor.Stray> strays)
            throws JournalException {
        Optional<JournalCursor.Stray> proof = strays.stream()
                .filter(stray -> stray.decoded().durableSequence() >= content.endSequence())
                .findFirst();
        if (proof.isEmpty()) {
            return;
        }
        String what = "journal of controller " + spec.domain() + " is damaged at entry " + content.endSequence()
                + " (place " + content.endOffset() + "): no file has it, but entry "
                + proof.get().decoded().sequence() + " says that it was durable";
        if (!acceptLoss) {
            throw new JournalException(JournalException.Kind.LOST, what + "; changes that were acknowledged as stable "
                    + "are lost. Bring an undamaged file back, or start with --accept-loss to go on without them");
        }
        event("journal.loss-accepted", "entry", content.endSequence(), "what", what);
        // What is behind the damage is given up, except the numbers that must not be used twice.
        strays.stream().map(stray -> stray.decoded().entry())
                .filter(entry -> !(entry instanceof JournalEntry.Trim))
                .forEach(content::include);
    }

    /// Entries of a batch that was never answered must not be met again: another entry of the same length could
    /// otherwise be followed by one of them.
    private static void wipe(List<JournalCursor.Stray> strays) throws IOException {
        Set<JournalFile> wiped = new LinkedHashSet<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment zeros = arena.allocate(JournalEntryLayout.SIZE);
            for (JournalCursor.Stray stray : strays) {
                stray.file().writeAt(zeros, stray.offset());
                wiped.add(stray.file());
            }
        }
        for (JournalFile file : wiped) {
            file.flush();
        }
    }

    private List<JournalFile> repair(JournalHeader header, JournalContent content, Set<JournalFile> stale)
            throws IOException {
        JournalFile source = good.stream().filter(file -> !stale.contains(file)).findFirst().orElse(good.getFirst());
        List<JournalFile> files = new ArrayList<>();
        for (Path path : spec.files()) {
            Optional<JournalFile> open = good.stream().filter(file -> file.path().equals(path)).findFirst();
            String why = open.isEmpty() ? bad.getOrDefault(path, "not open") : BEHIND;
            if (open.isPresent() && (!stale.contains(open.get()) || open.get() == source)) {
                files.add(open.get());
                continue;
            }
            event("journal.file-rebuilt", "file", path, "why", why);
            JournalFile target = open.isPresent() ? open.get() : remake(path, header.sizeBytes());
            copy(header, content, target);
            files.add(target);
        }
        if (stale.contains(source)) {
            copy(header, content, source);
        }
        return files;
    }

    private JournalFile remake(Path path, long sizeBytes) throws IOException {
        moveAside(path);
        return new JournalFile(path, create(path, sizeBytes));
    }

    private static void moveAside(Path path) throws JournalException {
        try {
            if (Files.exists(path)) {
                Files.move(path, path.resolveSibling(path.getFileName() + ".damaged-" + System.currentTimeMillis()));
            }
        } catch (IOException e) {
            throw new JournalException(JournalException.Kind.NOT_CREATED, "cannot move " + path + " aside: " + e, e);
        }
    }

    private Disk create(Path path, long sizeBytes) throws JournalException {
        try {
            return spec.opener().create(path, sizeBytes, Use.JOURNAL);
        } catch (IOException e) {
            throw new JournalException(JournalException.Kind.NOT_CREATED,
                    "journal " + path + " of " + sizeBytes + " bytes cannot be made: " + e.getMessage() + remedy(e), e);
        }
    }

    private static String remedy(IOException e) {
        return e instanceof PosixException posix && posix.errno() == Errno.ENOSPC
                ? "; make room there, or name other places in journal.files"
                : "";
    }

    /// Gives `target` every live entry, from whatever file has it, and then the header, each durable before the next.
    private void copy(JournalHeader header, JournalContent content, JournalFile target) throws IOException {
        try (var cursor = new JournalCursor(good, header)) {
            while (cursor.sequence() < content.endSequence()) {
                JournalCursor.Step step = cursor.next().orElseThrow(
                        () -> new IOException("a journal entry vanished while it was copied"));
                target.writeAt(step.bytes(), step.offset());
            }
        }
        target.flush();
        target.writeHeader(header);
        target.flush();
    }

    private Journal makeAll(JournalSummary summary) throws JournalException {
        var header = new JournalHeader(1, JournalId.random(new SecureRandom()), spec.domain(), spec.aggregateId(),
                spec.sizeBytes(), JournalLayout.ENTRIES_OFFSET, 1, summary);
        List<JournalFile> files = new ArrayList<>();
        try {
            for (Path path : spec.files()) {
                JournalFile file = new JournalFile(path, create(path, spec.sizeBytes()));
                files.add(file);
                file.writeHeader(header);
                file.flush();
            }
        } catch (IOException e) {
            files.forEach(JournalFile::close);
            throw e instanceof JournalException known ? known
                    : new JournalException(JournalException.Kind.NOT_CREATED, "journal: " + e.getMessage(), e);
        }
        return new Journal(spec.domain(), new JournalFiles(spec.domain(), files), header,
                new JournalContent(header), events, clock);
    }

    private void event(String name, Object... fields) {
        events.accept(Event.of(clock, name, withDomain(fields)));
    }

    private Object[] withDomain(Object[] fields) {
        Object[] all = new Object[fields.length + 2];
        all[0] = "domain";
        all[1] = spec.domain();
        System.arraycopy(fields, 0, all, 2, fields.length);
        return all;
    }
}
