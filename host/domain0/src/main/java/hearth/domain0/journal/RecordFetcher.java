package hearth.domain0.journal;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import hearth.base.Check;
import hearth.base.Clock;
import hearth.base.Event;
import hearth.memory.channel.ChannelMessage;
import hearth.memory.channel.ChannelMessage.JournalPiece;

/// Reads single records back from the journal for a guest that found them damaged in its log. Has a thread of its own,
/// beside the flusher's: a journal that hangs lets nobody wait but the guest that asked.
///
/// Records are asked for in ascending order, so that all of them together take one walk over the journal.
public final class RecordFetcher implements AutoCloseable {
    private static final int WALKS_MAX = 3;

    private final String domain;
    private final Journal journal;
    private final long regionInstance;
    private final Clock clock;
    private final Event.Sink events;
    private final ExecutorService thread;

    // The thread's own.
    private Optional<JournalRecords> walk = Optional.empty();
    private long walkedLsn;
    private long lastLsn;
    private byte[] last = new byte[0];

    /// Of one journal, which is closed after this.
    ///
    /// @param regionInstance seed of the CRCs that records are given back with
    public RecordFetcher(String domain, Journal journal, long regionInstance, Clock clock, Event.Sink events) {
        this.domain = domain;
        this.journal = journal;
        this.regionInstance = regionInstance;
        this.clock = clock;
        this.events = events;
        thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("journal-reader-" + domain).daemon().factory());
    }

    /// Reads the record `lsn` and gives `answer` what stands from `fromByte` on, as much as fits into a message;
    /// nothing, and a length of 0, when the journal does not have it. Returns at once; the answer comes on the thread.
    public void want(long lsn, int fromByte, Consumer<JournalPiece> answer) {
        thread.execute(() -> answer.accept(piece(lsn, fromByte)));
    }

    private JournalPiece piece(long lsn, int fromByte) {
        // What the journal did not have a moment ago it may have now.
        if (lsn != lastLsn || last.length == 0) {
            lastLsn = lsn;
            last = find(lsn);
        }
        int from = Math.clamp(fromByte, 0, last.length);
        int to = Math.min(last.length, from + ChannelMessage.PIECE_BYTES_MAX);
        return new JournalPiece(lsn, fromByte, last.length, Arrays.copyOfRange(last, from, to));
    }

    private byte[] find(long lsn) {
        for (int attempt = 0; attempt < WALKS_MAX; attempt++) {
            try {
                // An open walk has passed what lies behind it, and does not see what was appended since.
                Optional<byte[]> found = walk.isPresent() && walkedLsn < lsn ? advance(lsn) : Optional.empty();
                if (found.isEmpty()) {
                    endWalk();
                    walk = Optional.of(journal.durableRecords());
                    walkedLsn = 0;
                    found = advance(lsn);
                }
                return found.orElse(new byte[0]);
            } catch (IOException e) {
                endWalk();
                events.accept(Event.of(clock, "journal.not-read", "domain", domain, "lsn", lsn,
                        "why", String.valueOf(e.getMessage())));
            }
        }
        return new byte[0];
    }

    private Optional<byte[]> advance(long lsn) throws IOException {
        JournalRecords records = walk.orElseThrow(() -> Check.failed("a walk that was not begun"));
        Optional<JournalRecords.Found> found = records.next();
        while (found.isPresent()) {
            walkedLsn = found.get().lsn();
            if (walkedLsn == lsn) {
                byte[] bytes = found.get().bytes().toArray(ValueLayout.JAVA_BYTE);
                LogRestore.reseed(bytes, lsn, found.get().seed(), regionInstance);
                return Optional.of(bytes);
            }
            if (walkedLsn > lsn) {
                return Optional.empty();
            }
            found = records.next();
        }
        return Optional.empty();
    }

    private void endWalk() {
        walk.ifPresent(JournalRecords::close);
        walk = Optional.empty();
    }

    /// Nobody asks any more for now: gives back what the walk has taken.
    public void rest() {
        thread.execute(() -> {
            endWalk();
            lastLsn = 0;
            last = new byte[0];
        });
    }

    /// Ends the thread. The journal is still open.
    @Override
    public void close() {
        thread.execute(this::endWalk);
        thread.shutdown();
        boolean interrupted = false;
        while (true) {
            try {
                if (thread.awaitTermination(1, TimeUnit.MINUTES)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
