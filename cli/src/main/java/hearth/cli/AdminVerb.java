package hearth.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Option;

/// What verbs about one controller's volumes, exports and disks share: which controller.
abstract class AdminVerb extends Verb {
    private static final int USAGE = 2;

    @Option(
            names = "--controller",
            paramLabel = "NAME",
            description = "the controller; may be left out when the host has one only")
    private @Nullable String controller;

    /// The path of a call about the controller.
    String path(ApiClient api, String what) throws ApiException {
        return Controllers.path(controller != null ? controller : only(api), what);
    }

    private static String only(ApiClient api) throws ApiException {
        var names = new ArrayList<String>();
        api.get("/v1/status").path("controllers").forEach(one -> names.add(one.path("name").asText()));
        if (names.size() != 1) {
            throw new ApiException(USAGE,
                    "the host has the controllers " + String.join(", ", names) + "; say which with --controller NAME");
        }
        return names.getFirst();
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// `key=value&…`; what has no value is left out.
    static String query(@Nullable String... keysAndValues) {
        var parts = new ArrayList<String>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            String value = keysAndValues[i + 1];
            if (value != null) {
                parts.add(keysAndValues[i] + "=" + encoded(value));
            }
        }
        return "?" + String.join("&", parts);
    }

    static String volumeTable(JsonNode answer) {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("name", "size", "used", "files", "export", "state"));
        for (JsonNode one : answer.path("volumes")) {
            long size = one.path("sizeBytes").asLong();
            long files = one.path("files").asLong();
            rows.add(List.of(
                    one.path("name").asText(),
                    size == 0 ? "-" : Text.bytes(size),
                    Text.bytes(one.path("usedBytes").asLong()),
                    files < 0 ? "-" : Long.toString(files),
                    joined(one.path("exports"), "-"),
                    one.path("state").asText()));
        }
        return Text.table(rows);
    }

    static String exportTable(JsonNode answer) {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("path", "volume", "access", "squash", "clients"));
        for (JsonNode one : answer.path("exports")) {
            rows.add(List.of(one.path("path").asText(), one.path("volume").asText(), one.path("access").asText(),
                    one.path("squash").asText(), joined(one.path("clients"), "everybody")));
        }
        return Text.table(rows);
    }

    private static String joined(JsonNode texts, String none) {
        var all = new ArrayList<String>();
        texts.forEach(text -> all.add(text.asText()));
        return all.isEmpty() ? none : String.join(",", all);
    }
}
