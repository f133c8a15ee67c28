package hearth.bench;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/// A host started for one benchmark on a fresh data directory, driven by its command line.
final class BenchHost implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Path launcher;
    private final Path project;
    private final Path data;

    /// One as it comes without a configuration, in a folder of its own.
    BenchHost() throws IOException, InterruptedException {
        this(Files.createTempDirectory("hearth-bench"), "");
    }

    /// One with this configuration, or none if it is empty. The folder goes when the host does.
    BenchHost(Path data, String configuration) throws IOException, InterruptedException {
        launcher = launcher();
        project = launcher.resolveSibling("");
        this.data = data;
        if (configuration.isEmpty()) {
            run("up", "-d");
        } else {
            Path file = Files.writeString(data.resolve("bench.yaml"), configuration);
            run("up", "-d", file.toString());
        }
    }

    static Path launcher() {
        return Path.of(System.getProperty("hearth.launcher", "./hearth")).toAbsolutePath();
    }

    /// The project's folder, where the sources of the client are.
    Path project() {
        return project;
    }

    Path data() {
        return data;
    }

    /// Runs a verb to its end and gives what it printed.
    String run(String... verb) throws IOException, InterruptedException {
        var line = new ArrayList<>(List.of(launcher.toString()));
        line.addAll(List.of(verb));
        line.addAll(List.of("--data", data.toString()));
        return execute(line);
    }

    static String execute(List<String> line) throws IOException, InterruptedException {
        Path errors = Files.createTempFile("hearth-bench", ".err");
        Process process = new ProcessBuilder(line).redirectError(errors.toFile()).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        String err = Files.readString(errors);
        Files.delete(errors);
        if (exit != 0) {
            throw new IOException(String.join(" ", line) + " ended with " + exit + ": " + (err + out).strip());
        }
        return out;
    }

    JsonNode json(String... verb) throws IOException, InterruptedException {
        var line = new ArrayList<>(List.of(verb));
        line.addAll(List.of("-o", "json"));
        return JSON.readTree(run(line.toArray(String[]::new)));
    }

    JsonNode controller() throws IOException, InterruptedException {
        return json("status").path("controllers").path(0);
    }

    /// Asks for a consistency point and waits for it.
    void consistencyPoint() throws IOException, InterruptedException {
        String url = JSON.readTree(Files.readString(data.resolve("run/api.json"))).path("url").asText();
        var request = HttpRequest.newBuilder(URI.create(url + "/v1/controllers/a/consistency-point"))
                .header("Authorization", "Bearer " + Files.readString(data.resolve("run/token")).strip())
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        try (var client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != HttpURLConnection.HTTP_OK) {
                throw new IOException("no consistency point: " + answer.body());
            }
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        try {
            run("down");
        } finally {
            try (var all = Files.walk(data)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
