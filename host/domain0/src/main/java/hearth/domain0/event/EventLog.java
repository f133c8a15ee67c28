package hearth.domain0.event;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.fasterxml.jackson.databind.ObjectMapper;

import hearth.base.Event;

/// The host's events. Thread-safe. A log that cannot be written (disk full) loses lines of the file, never the event in
/// memory and never the host.
public final class EventLog implements Event.Sink, AutoCloseable {
    private static final int KEPT_MAX = 10_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ArrayDeque<Numbered> kept = new ArrayDeque<>();
    private final CopyOnWriteArrayList<Event.Sink> followers = new CopyOnWriteArrayList<>();
    private final Writer file;
    private long next = 1;
    private boolean fileFailed;

    /// An event and its place in this host's life, from 1.
    public record Numbered(long number, Event event) {}

    public EventLog(Path path) throws IOException {
        file = Files.newBufferedWriter(
                path, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
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
        if (fileFailed) {
            return;
        }
        try {
            var line = new LinkedHashMap<String, Object>();
            line.put("wallNs", event.wallNs());
            line.put("name", event.name());
            var fields = new LinkedHashMap<String, Object>();
            event.fields()
                    .forEach((key, value) -> fields.put(key, value instanceof Number ? value : String.valueOf(value)));
            line.put("fields", fields);
            file.write(JSON.writeValueAsString(line));
            file.write('\n');
            file.flush();
        } catch (IOException e) {
            fileFailed = true;
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
        try {
            file.close();
        } catch (IOException e) {
            if (!fileFailed) {
                throw e;
            }
        }
    }
}
