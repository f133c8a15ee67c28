package hearth.domain0.event;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.fasterxml.jackson.databind.ObjectMapper;

import hearth.base.Event;
import hearth.domain0.config.LogsConfig;
import hearth.domain0.log.LogFile;

/// The host's events. Thread-safe. A log that cannot be written (disk full) loses lines of the file, never the event in
/// memory and never the host; it is written again as soon as it can be. The file stays within bounds, see `LogFile`.
public final class EventLog implements Event.Sink, AutoCloseable {
    private static final int KEPT_MAX = 10_000;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] END_OF_LINE = {'\n'};

    private final ArrayDeque<Numbered> kept = new ArrayDeque<>();
    private final CopyOnWriteArrayList<Event.Sink> followers = new CopyOnWriteArrayList<>();
    private final Path path;
    private final LogsConfig limits;
    private FileChannel file;
    private long next = 1;
    private boolean torn;

    /// An event and its place in this host's life, from 1.
    public record Numbered(long number, Event event) {}

    public EventLog(Path path, LogsConfig limits) throws IOException {
        this.path = path;
        this.limits = limits;
        file = open(path);
    }

    private static FileChannel open(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /// Everything from now on is shown to `follower` too, on the thread where it happens.
    public void follow(Event.Sink follower) {
        followers.add(follower);
    }

    @Override
    public void accept(Event event) {
        synchronized (this) {
            kept.addLast(new Numbered(next++, event));
            if (kept.size() > KEPT_MAX) {
                kept.removeFirst();
            }
            append(event);
        }
        for (Event.Sink follower : followers) {
            follower.accept(event);
        }
    }

    private void append(Event event) {
        try {
            byte[] line = line(event);
            if (file.size() + line.length > limits.sizeBytes()) {
                moveOn();
            }
            // What a full disk cut short is a line of its own.
            if (torn) {
                file.write(ByteBuffer.wrap(END_OF_LINE));
                torn = false;
            }
            var bytes = ByteBuffer.wrap(line);
            while (bytes.hasRemaining()) {
                torn |= file.write(bytes) > 0;
            }
            torn = false;
        } catch (IOException e) {
            // In memory it is, and the next one may find room.
        }
    }

    private static byte[] line(Event event) throws IOException {
        var line = new LinkedHashMap<String, Object>();
        line.put("wallNs", event.wallNs());
        line.put("name", event.name());
        var fields = new LinkedHashMap<String, Object>();
        event.fields()
                .forEach((key, value) -> fields.put(key, value instanceof Number ? value : String.valueOf(value)));
        line.put("fields", fields);
        return (JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /// A file that cannot be moved stays and grows: the next one is made before anything is moved.
    private void moveOn() {
        Path aside = path.resolveSibling(path.getFileName() + ".new");
        try {
            FileChannel next = open(aside);
            FileChannel before = file;
            new LogFile(path, limits).moveOn();
            file = next;
            before.close();
            Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // Tried again with the next event.
        }
    }

    /// The kept events with a number above `after`, oldest first.
    public synchronized List<Numbered> after(long after) {
        var events = new ArrayList<Numbered>();
        for (Numbered one : kept) {
            if (one.number > after) {
                events.add(one);
            }
        }
        return events;
    }

    /// The latest `count` events, oldest first.
    public synchronized List<Numbered> last(int count) {
        return after(next - 1 - count);
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
