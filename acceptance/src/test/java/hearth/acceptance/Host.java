package hearth.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/// A host under test: `./hearth up` as a process of its own on a data directory of its own. Closing it takes it down
/// in order, or by force if that fails, and deletes what it stored.
final class Host implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int LOG_LINES = 60;
    private static final Path PROJECT = project();

    private final Path data;
    private Process process;
    private final List<String> options;
    private String javaOptions;

    private Host(Path data, List<String> options, String javaOptions) {
        this.data = data;
        this.options = options;
        this.javaOptions = javaOptions;
        this.process = start();
    }

    /// Starts a host on a fresh data directory and waits until its controller listens.
    static Host up(String name, String... options) {
        try {
            Path data = Files.createTempDirectory(scratch(), name + "-");
            return upOn(data, options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Host upOn(Path data, String... options) {
        var host = new Host(data, List.of(options), "");
        host.awaitListening();
        return host;
    }

    /// Starts a host whose JVM gets more options, as `HEARTH_JAVA_OPTIONS` has them: test switches.
    static Host withJavaOptions(String name, String javaOptions) {
        Host host = starting(name, javaOptions);
        host.awaitListening();
        return host;
    }

    /// Starts such a host and does not wait for it: it may be about to fail.
    static Host starting(String name, String javaOptions, String... options) {
        try {
            return new Host(Files.createTempDirectory(scratch(), name + "-"), List.of(options), javaOptions);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What the next start passes to the host's JVM.
    void javaOptions(String options) {
        javaOptions = options;
    }

    private static Path project() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("hearth"))) {
            here = here.getParent();
            if (here == null) {
                throw new AssertionError("not within the project");
            }
        }
        return here;
    }

    static Path launcher() {
        return PROJECT.resolve("hearth");
    }

    static Path projectFolder() {
        return PROJECT;
    }

    /// A folder for what tests write, below `target/`.
    static Path scratch() {
        try {
            return Files.createDirectories(PROJECT.resolve("acceptance/target/scratch"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path data() {
        return data;
    }

    long pid() {
        return process.pid();
    }

    private Process start() {
        try {
            // As from a terminal: what runs the tests in the background may have Ctrl-C ignored, and that is inherited.
            var line = new ArrayList<String>(
                    List.of("env", "--default-signal=INT", launcher().toString(), "up"));
            line.addAll(options);
            line.addAll(List.of("--data", data.toString()));
            var builder = new ProcessBuilder(line)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                    .redirectErrorStream(true);
            builder.environment().put("HEARTH_JAVA_OPTIONS", javaOptions);
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path log() {
        return data.resolveSibling(data.getFileName() + ".log");
    }

    /// Starts the host again on the same data; the one before must have ended.
    void upAgain() {
        startAgain();
        awaitListening();
    }

    /// The same without waiting for its controller.
    void startAgain() {
        process = start();
    }

    void awaitListening() {
        try {
            Awaitility.await().pollInterval(Duration.ofMillis(20)).atMost(Duration.ofSeconds(90)).until(() -> {
                if (!process.isAlive()) {
                    throw new AssertionError("host ended with " + process.exitValue() + ":\n" + output());
                }
                return isInState("LISTENING");
            });
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("the controller does not listen:\n" + condition(), e);
        }
    }

    /// Waits until the controller listens or the host has ended; says whether it listens.
    boolean listensBeforeItEnds() {
        var listens = new AtomicBoolean();
        Awaitility.await().pollInterval(Duration.ofMillis(20)).atMost(Duration.ofSeconds(60)).until(() -> {
            listens.set(isInState("LISTENING"));
            return listens.get() || !process.isAlive() || isInState("FAILED");
        });
        return listens.get();
    }

    private boolean isInState(String state) {
        return ask("/v1/status")
                .filter(status -> state.equals(controller(status).path("state").asText()))
                .isPresent();
    }

    /// Sends the host a signal, as a terminal does.
    void signal(String name) {
        Command.done(10, "kill", "-" + name, Long.toString(process.pid()));
    }

    /// Waits for the host's end, which nobody asked its API for.
    void awaitEnd() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("the host still runs:\n" + condition());
        }
    }

    /// What all starts of it have printed.
    String output() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What the host says of itself, with the guest's stacks: for a test that has given up.
    private String condition() {
        var text = new StringBuilder();
        for (String path : List.of("/v1/status", "/v1/events?last=30")) {
            text.append(path).append(' ').append(ask(path).map(JsonNode::toString).orElse("no answer")).append('\n');
        }
        try {
            long pid = ask("/v1/status").map(status -> controller(status).path("pid").asLong()).orElse(0L);
            if (pid > 0) {
                Command.run(10, List.of("kill", "-QUIT", Long.toString(pid)));
                Awaitility.await().pollDelay(2, TimeUnit.SECONDS).until(() -> true);
            }
            try (var logs = Files.walk(data.resolve("logs"))) {
                for (Path file : logs.filter(Files::isRegularFile).toList()) {
                    List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
                    text.append("── ").append(file).append('\n');
                    lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size())
                            .forEach(line -> text.append(line).append('\n'));
                }
            }
        } catch (IOException e) {
            text.append(e);
        }
        return text.toString();
    }

    /// The host's API asked as a script would, as starting a command for each look would be most of what a machine of
    /// two cores does. Empty while there is no host that answers.
    private Optional<JsonNode> ask(String path) {
        return call("GET", path).map(Host::parse);
    }

    /// A call that changes something; empty unless it is answered with success.
    Optional<JsonNode> post(String path) {
        return call("POST", path).map(Host::parse);
    }

    /// What the host answers to a call that is not answered with JSON.
    String text(String path) {
        return call("GET", path).orElseThrow(() -> new AssertionError("no answer to " + path + ":\n" + condition()));
    }

    private Optional<String> call(String method, String path) {
        try {
            String url = parse(Files.readString(data.resolve("run/api.json"))).path("url").asText();
            var request = HttpRequest.newBuilder(URI.create(url + path))
                    .header("Authorization", "Bearer " + Files.readString(data.resolve("run/token")).strip())
                    .timeout(Duration.ofSeconds(method.equals("GET") ? 10 : 60))
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .build();
            var answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /// The same where the host has to do it.
    void order(String path) {
        if (post(path).isEmpty()) {
            throw new AssertionError("no success of " + path + ":\n" + condition());
        }
    }

    private JsonNode answer(String path) {
        return ask(path).orElseThrow(() -> new AssertionError("no answer to " + path + ":\n" + condition()));
    }

    /// Runs a verb of the CLI against this host.
    Command hearth(String... verb) {
        var line = new ArrayList<String>(List.of(launcher().toString()));
        line.addAll(List.of(verb));
        line.addAll(List.of("--data", data.toString()));
        return Command.run(60, line);
    }

    /// Checks the controller's disks by `verify`.
    Command verify(String... options) {
        var line = Command.join(List.of(launcher().toString(), "verify"), options);
        disks().forEach(disk -> line.add(disk.toString()));
        return Command.run(120, line);
    }

    /// The files of the mirror, of a controller that has the name and the disks that it gets by itself.
    List<Path> disks() {
        return List.of(data.resolve("disks/a-disk0.img"), data.resolve("disks/a-disk1.img"));
    }

    JsonNode json(String... verb) {
        return parse(hearth(Command.join(List.of(verb), "-o", "json").toArray(String[]::new)).expect(0).out());
    }

    static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    private static JsonNode controller(JsonNode status) {
        return status.path("controllers").path(0);
    }

    /// What the host answers to a call that only looks.
    JsonNode get(String path) {
        return answer(path);
    }

    /// Controller `a` of the host's status.
    JsonNode controller() {
        return controller(answer("/v1/status"));
    }

    /// Domain 0's process id as its status tells it.
    long domain0Pid() {
        return answer("/v1/status").path("pid").asLong();
    }

    /// What happened after the event of this number, oldest first.
    JsonNode eventsAfter(long number) {
        return answer("/v1/events?after=" + number).path("events");
    }

    JsonNode incarnations() {
        return answer("/v1/controllers/a/timeline").path("incarnations");
    }

    JsonNode lastIncarnation() {
        JsonNode all = incarnations();
        return all.path(all.size() - 1);
    }

    /// What the host keeps of its events, oldest first.
    List<JsonNode> events() {
        List<JsonNode> events = new ArrayList<>();
        answer("/v1/events?last=10000").path("events").forEach(events::add);
        return events;
    }

    String url() {
        return controller().path("urls").path(0).asText();
    }

    /// The URL of an object below the export's root, as libnfs wants it: the path before the arguments.
    String url(String path) {
        String url = url();
        int arguments = url.indexOf('?');
        return arguments < 0 ? url + path : url.substring(0, arguments) + path + url.substring(arguments);
    }

    /// SIGKILL of the guest by process id, as a crash would have it, without asking the host.
    void killGuest() {
        long pid = controller().path("pid").asLong();
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    /// SIGKILL of domain 0: nothing is saved, the guests die with it.
    void killHost() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    Command down() throws InterruptedException {
        Command down = hearth("down");
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("host still runs after " + down);
        }
        return down;
    }

    int exitValue() {
        return process.exitValue();
    }

    /// Makes the kernel forget what it caches of the disks, so that only the guest's own cache can be warm.
    void dropPageCache() {
        try (var files = Files.list(data.resolve("disks"))) {
            for (Path file : files.toList()) {
                Command.done(60, "sync", file.toString());
                Command.done(60, "dd", "if=" + file, "iflag=nocache", "count=0", "status=none");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            if (process.isAlive()) {
                hearth("down");
                if (!process.waitFor(60, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                }
            }
            if (!Boolean.getBoolean("hearth.test.keep")) {
                deleteTree(data);
                Files.deleteIfExists(log());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (var all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
