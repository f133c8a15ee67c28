package hearth.domain0.api;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import hearth.base.Clock;
import hearth.base.Event;
import hearth.domain0.config.LogsConfig;
import hearth.domain0.event.EventLog;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: the description of the interface is true, and complete. Method: the description as the server gives it is
/// walked: every call in it is made, and its answer held against the call's schema, where a key that the schema does
/// not have is as wrong as one that is missing; and the server has no other call.
class OpenApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private EventLog events;
    private HostApi api;
    private Routes routes;
    private JsonNode description;

    @BeforeEach
    void start() throws Exception {
        events = new EventLog(folder.resolve("events.log"), LogsConfig.DEFAULT);
        events.accept(Event.of(Clock.SYSTEM, "sample.event", "number", 3, "text", "t"));
        var host = new FakeHost(folder, new FakeDomain("a"), events);
        api = HostApi.start(host, 0);
        routes = new Routes(host);
        description = yaml(call("GET", "/v1/openapi.yaml").body());
    }

    @AfterEach
    void stop() throws IOException {
        api.close();
        events.close();
    }

    private static JsonNode yaml(String text) {
        Object value = new Load(LoadSettings.builder().build()).loadFromString(text);
        return JSON.valueToTree(value);
    }

    /// @param contentType without what follows a semicolon
    private record Given(int status, String contentType, String body) {}

    private Given call(String method, String path) throws IOException {
        var call = (HttpURLConnection) URI.create(api.url() + path).toURL().openConnection();
        call.setRequestMethod(method);
        call.setRequestProperty("Authorization", "Bearer " + api.token());
        int status = call.getResponseCode();
        try (InputStream in = status < 400 ? call.getInputStream() : call.getErrorStream()) {
            return new Given(status, call.getContentType().split(";")[0],
                    new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /// A call of the description.
    private record Described(String method, String path, JsonNode operation, List<JsonNode> parameters) {
        String key() {
            return method + " " + path;
        }
    }

    private List<Described> described() {
        var all = new ArrayList<Described>();
        for (Map.Entry<String, JsonNode> path : description.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> one : path.getValue().properties()) {
                if (!one.getKey().equals("parameters")) {
                    var parameters = new ArrayList<JsonNode>();
                    path.getValue().path("parameters").forEach(parameter -> parameters.add(resolved(parameter)));
                    one.getValue().path("parameters").forEach(parameter -> parameters.add(resolved(parameter)));
                    all.add(new Described(
                            one.getKey().toUpperCase(Locale.ROOT), path.getKey(), one.getValue(), parameters));
                }
            }
        }
        return all;
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? description.at(node.path("$ref").asText().substring(1)) : node;
    }

    @Test
    void everyCallIsDescribedAndNoOther() {
        assertThat(new TreeSet<>(described().stream().map(Described::key).toList()))
                .isEqualTo(new TreeSet<>(routes.all()));
    }

    @Test
    void everyAnswerIsAsDescribed() throws Exception {
        for (Described one : described()) {
            Given answer = call(one.method(), filled(one));
            assertThat(answer.status()).as("%s: %s", one.key(), answer.body()).isEqualTo(200);
            Map.Entry<String, JsonNode> content =
                    one.operation().path("responses").path("200").path("content").properties().iterator().next();
            assertThat(answer.contentType()).as(one.key()).isEqualTo(content.getKey());
            if (content.getKey().equals("application/json")) {
                assertThat(complaints(JSON.readTree(answer.body()), content.getValue().path("schema"), one.key()))
                        .isEmpty();
            }
        }
    }

    @Test
    void everyArgumentIsTaken() throws Exception {
        for (Described one : described()) {
            String unknown = filled(one) + (filled(one).contains("?") ? "&" : "?") + "nothing=1";
            Given answer = call(one.method(), unknown);
            assertThat(answer.status()).as(one.key()).isEqualTo(400);
            assertThat(complaints(JSON.readTree(answer.body()), description.at("/components/schemas/Error"), one.key()))
                    .isEmpty();
            for (JsonNode parameter : one.parameters()) {
                if (parameter.path("in").asText().equals("query")) {
                    String name = parameter.path("name").asText();
                    String value = example(parameter).isEmpty() ? "0" : example(parameter);
                    String path = filled(one);
                    if (!path.contains(name + "=")) {
                        path += (path.contains("?") ? "&" : "?") + name + "=" + value;
                    }
                    assertThat(call(one.method(), path).body()).as(path).doesNotContain("is unknown");
                }
            }
        }
    }

    /// A checker that finds nothing wrong would prove nothing.
    @Test
    void wrongAnswersAreNoticed() throws Exception {
        JsonNode schema = description.at("/components/schemas/Killed");
        for (String wrong : List.of(
                "{\"controller\":\"a\",\"incarnation\":7}",
                "{\"controller\":\"a\",\"incarnation\":7,\"killedAtNs\":1,\"more\":1}",
                "{\"controller\":\"a\",\"incarnation\":\"7\",\"killedAtNs\":1}",
                "{\"controller\":\"a\",\"incarnation\":7.5,\"killedAtNs\":1}",
                "[]")) {
            assertThat(complaints(JSON.readTree(wrong), schema, "")).as(wrong).isNotEmpty();
        }
    }

    /// The path with its parameters' examples in it, and the arguments that have one.
    private static String filled(Described one) {
        String path = one.path();
        var query = new StringBuilder();
        for (JsonNode parameter : one.parameters()) {
            String name = parameter.path("name").asText();
            String example = example(parameter);
            if (parameter.path("in").asText().equals("path")) {
                path = path.replace("{" + name + "}", example);
            } else if (parameter.has("example")) {
                query.append(query.isEmpty() ? "?" : "&").append(name).append('=')
                        .append(URLEncoder.encode(example, StandardCharsets.UTF_8));
            }
        }
        return path + query;
    }

    private static String example(JsonNode parameter) {
        if (parameter.has("example")) {
            return parameter.path("example").asText();
        }
        JsonNode schema = parameter.path("schema");
        return schema.has("enum") ? schema.path("enum").path(0).asText() : schema.path("default").asText();
    }

    // What of JSON Schema the description uses.

    private List<String> complaints(JsonNode value, JsonNode unresolved, String where) {
        JsonNode schema = resolved(unresolved);
        var wrong = new ArrayList<String>();
        if (!isOfType(value, schema.path("type"))) {
            return List.of(where + " is " + value + ", not " + schema.path("type"));
        }
        if (schema.has("enum") && !contains(schema.path("enum"), value)) {
            wrong.add(where + " is " + value + ", not one of " + schema.path("enum"));
        }
        if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                wrong.addAll(complaints(value.path(i), schema.path("items"), where + "[" + i + "]"));
            }
        }
        if (value.isObject()) {
            schema.path("required").forEach(key -> {
                if (!value.has(key.asText())) {
                    wrong.add(where + " has no " + key.asText());
                }
            });
            JsonNode properties = schema.path("properties");
            JsonNode others = schema.path("additionalProperties");
            for (Map.Entry<String, JsonNode> entry : value.properties()) {
                String place = where + "." + entry.getKey();
                if (properties.has(entry.getKey())) {
                    wrong.addAll(complaints(entry.getValue(), properties.path(entry.getKey()), place));
                } else if (others.isObject()) {
                    wrong.addAll(complaints(entry.getValue(), others, place));
                } else {
                    wrong.add(place + " is not described");
                }
            }
        }
        return wrong;
    }

    private static boolean contains(JsonNode list, JsonNode value) {
        for (JsonNode one : list) {
            if (one.equals(value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOfType(JsonNode value, JsonNode type) {
        if (type.isArray()) {
            for (JsonNode one : type) {
                if (isOfType(value, one)) {
                    return true;
                }
            }
            return false;
        }
        return switch (type.asText()) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            default -> throw new AssertionError("a type that this test does not know: " + type);
        };
    }
}
