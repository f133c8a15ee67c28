package hearth.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/// Asks the host that runs on a data directory: address from `run/api.json`, token from `run/token`.
final class ApiClient {
    static final int NOT_RUNNING = 3;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Path data;
    private final URI base;
    private final String token;
    private final long pid;

    ApiClient(Path data) throws ApiException {
        this.data = data;
        Path run = data.resolve("run");
        try {
            JsonNode api = JSON.readTree(Files.readString(run.resolve("api.json")));
            base = URI.create(api.path("url").asText());
            pid = api.path("pid").asLong();
            token = Files.readString(run.resolve("token")).strip();
        } catch (NoSuchFileException e) {
            throw notRunning();
        } catch (IOException | IllegalArgumentException e) {
            throw new ApiException(1, "cannot read " + run + ": " + e.getMessage());
        }
    }

    private ApiException notRunning() {
        return new ApiException(
                NOT_RUNNING,
                "no host runs on " + data.toAbsolutePath().normalize() + "; start it with: ./hearth up --data " + data);
    }

    /// Domain 0's process id.
    long pid() {
        return pid;
    }

    JsonNode get(String path) throws ApiException {
        return send(request(path).GET().build());
    }

    JsonNode post(String path) throws ApiException {
        return send(request(path).POST(HttpRequest.BodyPublishers.noBody()).build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path))
                .header("Authorization", "Bearer " + token)
                .timeout(Duration.ofMinutes(5));
    }

    private JsonNode send(HttpRequest request) throws ApiException {
        HttpResponse<String> response;
        try {
            response = http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            if (!HostProcess.runs(pid)) {
                throw notRunning();
            }
            throw new ApiException(1, "the host (process " + pid + ") does not answer: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(1, "interrupted");
        }
        JsonNode answer;
        try {
            answer = JSON.readTree(response.body());
        } catch (IOException e) {
            throw new ApiException(1, "the host's answer is not JSON: " + response.body());
        }
        if (response.statusCode() != 200) {
            JsonNode error = answer.path("error");
            throw new ApiException(error.path("exit").asInt(1), error.path("message").asText(response.body()));
        }
        return answer;
    }

    static String pretty(JsonNode node) {
        return node.toPrettyString();
    }
}
