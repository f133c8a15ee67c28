package hearth.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;

import com.fasterxml.jackson.databind.JsonNode;

/// A host whose guests can be told at which of their stores to die.
final class MortalHost implements AutoCloseable {
    private static final String GUEST_LOG = "logs/guest-a.log";
    private static final Pattern PORT = Pattern.compile("nfsport=(\\d+)");
    /// Parts of names of events that no death of a guest may cause.
    private static final List<String> NEVER =
            List.of("loss", "lost", "behind", "cannot-serve", "failed", "degraded", "disagree", "nonsense", "bug");
    private static final Pattern STORE = Pattern.compile("store \\d+ (\\S+ \\S+)");
    /// No consistency point but those that are asked for, so that each round makes the same stores; and a death soon
    /// after listening is no failed start, so that they may follow each other.
    private static final String CONFIG = """
            controllers:
              - name: a
                memory:
                  cache: 16 MiB
                  log: 8 MiB
                guest:
                  consistency-point-interval-ms: 3600000
                restart:
                  failed-start-ms: 0
                  failed-starts-max: 100
            """;

    private final Host host;
    private final Path order;
    private final Path noise;
    private final int port;
    private long seenEvents;

    private MortalHost(Host host, Path order, Path noise) {
        this.host = host;
        this.order = order;
        this.noise = noise;
        host.awaitListening();
        port = portOf(host);
    }

    static MortalHost up(String name) {
        return up(name, Optional.empty(), "");
    }

    /// A host whose first guest has an order already, and whose JVM gets more options.
    static MortalHost up(String name, Optional<String> firstOrder, String more) {
        try {
            Path order = Host.scratch().resolve(name + ".order");
            Files.deleteIfExists(order);
            if (firstOrder.isPresent()) {
                Files.writeString(order, firstOrder.get());
            }
            Path noise = Host.scratch().resolve(name + ".noise");
            Files.deleteIfExists(noise);
            String options = "-Dhearth.test.guest-death=" + order + " -Dhearth.test.noise=" + noise + more;
            return new MortalHost(Host.starting(name, options, config(name).toString()), order, noise);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path config(String name) throws IOException {
        return Files.writeString(Host.scratch().resolve(name + ".yaml"), CONFIG);
    }

    static int portOf(Host host) {
        Matcher matcher = PORT.matcher(host.url());
        if (!matcher.find()) {
            throw new AssertionError("no port in " + host.url());
        }
        return Integer.parseInt(matcher.group(1));
    }

    Host host() {
        return host;
    }

    RepeatingClient client() {
        return new RepeatingClient(port);
    }

    /// What the next guest that is started gets as its order, in the form of `hearth.test.death-at`.
    void orderNext(String text) {
        place(text, order);
    }

    /// What strikes the region before the next guest is started, in the form of the file of `hearth.test.noise`.
    void orderNoise(String text) {
        place(text, noise);
    }

    /// At once and whole.
    private static void place(String text, Path file) {
        try {
            Path next = file.resolveSibling(file.getFileName() + ".next");
            Files.writeString(next, text);
            Files.move(next, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Damaged records that the guest which serves has put back from the journal.
    long recordsFetched() {
        return host.controller().path("counters").path("logRecordsFetched").asLong();
    }

    /// Whether the volume's export is read-only, and whether changing it was answered.
    boolean access() {
        return host.get("/v1/controllers/a/exports").path("exports").path(0).path("access").asText().equals("ro");
    }

    boolean setAccess(boolean readOnly) {
        return host.post("/v1/controllers/a/exports/set?path=/vol0&access=" + (readOnly ? "ro" : "rw")).isPresent();
    }

    /// Takes back an order that no guest has taken.
    void orderNothing() {
        try {
            Files.deleteIfExists(order);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Everything so far is on the disks, and no consistency point is on its way any more. Waits for a guest.
    void settle() {
        Awaitility.await().pollInterval(Duration.ofMillis(5)).atMost(Duration.ofSeconds(60))
                .until(this::consistencyPoint);
    }

    /// Asks once, and says whether it was done: the guest may die on the way.
    boolean consistencyPoint() {
        return host.post("/v1/controllers/a/consistency-point").isPresent();
    }

    /// Nothing was given up, refused or found to be damaged since this was asked last.
    void assertNothingWasLost() {
        for (JsonNode event : host.eventsAfter(seenEvents)) {
            seenEvents = event.path("number").asLong();
            String name = event.path("name").asText();
            if (NEVER.stream().anyMatch(name::contains)) {
                throw new AssertionError("after a death: " + event);
            }
        }
    }

    /// Every frame that any guest so far has found was what its pointer demanded. Of the guest that runs, the last
    /// few milliseconds are not told yet.
    void assertNoFrameWasRefused() {
        for (JsonNode guest : host.incarnations()) {
            if (guest.path("framesRefused").asInt() > 0) {
                throw new AssertionError("frames were refused: " + guest);
            }
        }
    }

    /// Kills the guest and waits for its successor, which may need more than one incarnation.
    void nextGuest(boolean conventional) {
        int incarnation = host.controller().path("incarnation").asInt();
        host.order("/v1/controllers/a/kill?conventional=" + conventional);
        awaitAfter(incarnation);
    }

    private void awaitAfter(int incarnation) {
        Awaitility.await().pollInterval(Duration.ofMillis(10)).atMost(Duration.ofSeconds(60)).until(() -> {
            var controller = host.controller();
            if (controller.path("state").asText().equals("FAILED")) {
                throw new AssertionError("the controller failed: " + controller);
            }
            return controller.path("incarnation").asInt() > incarnation
                    && controller.path("state").asText().equals("LISTENING");
        });
    }

    boolean isDegraded() {
        return host.controller().path("degraded").asBoolean();
    }

    int incarnation() {
        return host.controller().path("incarnation").asInt();
    }

    /// Group and place of each store that guests have told of in their log, in order, behind its first `seen` bytes.
    List<String> stores(long seen) {
        return stores(host.data().resolve(GUEST_LOG), seen);
    }

    static List<String> stores(Path log, long seen) {
        try {
            String all = Files.readString(log, java.nio.charset.StandardCharsets.ISO_8859_1);
            return STORE.matcher(all.substring((int) seen)).results().map(result -> result.group(1)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long logBytes() {
        try {
            return Files.size(host.data().resolve(GUEST_LOG));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        orderNothing();
        host.close();
    }
}
