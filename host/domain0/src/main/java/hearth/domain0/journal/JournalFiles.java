package hearth.domain0.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import hearth.base.Check;

/// The files of one journal, written side by side: a batch takes as long as the slowest file, not as all together.
/// One thread calls.
final class JournalFiles implements AutoCloseable {
    private final List<JournalFile> files;
    private final ExecutorService others;

    /// Takes the files over; they are closed with this.
    JournalFiles(String domain, List<JournalFile> files) {
        this.files = List.copyOf(files);
        others = Executors.newCachedThreadPool(
                Thread.ofPlatform().name("journal-" + domain + "-", 0).daemon().factory());
    }

    /// One write or flush of one file.
    @FunctionalInterface
    interface Work {
        void run(JournalFile file) throws IOException;
    }

    /// A file that was given up just now.
    record Failure(JournalFile file, IOException cause) {}

    /// Runs `work` on all files that work; one that fails is given up for good. Returns those that failed now.
    List<Failure> onAll(Work work) {
        List<JournalFile> live = live();
        List<Future<List<Failure>>> running = new ArrayList<>();
        for (JournalFile file : live.subList(Math.min(1, live.size()), live.size())) {
            running.add(others.submit(() -> attempt(file, work)));
        }
        List<Failure> failures = new ArrayList<>();
        if (!live.isEmpty()) {
            failures.addAll(attempt(live.getFirst(), work));
        }
        for (Future<List<Failure>> other : running) {
            failures.addAll(join(other));
        }
        return failures;
    }

    private static List<Failure> attempt(JournalFile file, Work work) {
        try {
            work.run(file);
            return List.of();
        } catch (IOException e) {
            file.fail();
            return List.of(new Failure(file, e));
        }
    }

    private static List<Failure> join(Future<List<Failure>> other) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return other.get();
                } catch (InterruptedException e) {
                    // A write that runs is not left: its outcome decides what the batch may claim.
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw Check.failed("a journal write threw " + e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Files that still take writes.
    List<JournalFile> live() {
        return files.stream().filter(file -> !file.isFailed()).toList();
    }

    List<JournalFile> all() {
        return files;
    }

    @Override
    public void close() {
        others.shutdown();
        files.forEach(JournalFile::close);
    }
}
