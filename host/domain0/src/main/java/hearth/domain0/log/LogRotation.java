package hearth.domain0.log;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import hearth.base.Clock;
import hearth.base.Event;
import hearth.base.Uninterruptibly;

/// Looks once a second whether a log that a process writes as its output is full, and moves it on. What is written in
/// one second comes on top of the bound. The writer is not asked and never waits.
public final class LogRotation implements AutoCloseable {
    private static final long INTERVAL_MS = 1_000;

    private final List<LogFile> files;
    private final Clock clock;
    private final Event.Sink events;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Set<LogFile> failed = new HashSet<>();
    private final Thread thread;

    public LogRotation(List<LogFile> files, Clock clock, Event.Sink events) {
        this.files = List.copyOf(files);
        this.clock = clock;
        this.events = events;
        thread = Thread.ofPlatform().name("log-rotation").daemon().start(this::run);
    }

    private void run() {
        try {
            do {
                files.forEach(this::look);
            } while (!closed.await(INTERVAL_MS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            // Nobody has a reason to, but then it ends.
            Thread.currentThread().interrupt();
        }
    }

    private void look(LogFile file) {
        try {
            if (file.isFull()) {
                file.copyOn();
                failed.remove(file);
            }
        } catch (IOException e) {
            // Said once; tried again.
            if (failed.add(file)) {
                events.accept(Event.of(clock, "log.not-rotated", "file", file, "why", e.toString()));
            }
        }
    }

    @Override
    public void close() {
        closed.countDown();
        Uninterruptibly.join(thread);
    }
}
