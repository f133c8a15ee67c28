package hearth.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.databind.JsonNode;

/// Paths and names of controllers in the API.
final class Controllers {
    private Controllers() {}

    static String path(String controller, String what) {
        return "/v1/controllers/" + URLEncoder.encode(controller, StandardCharsets.UTF_8) + "/" + what;
    }

    static String first(ApiClient api) throws ApiException {
        return api.get("/v1/status").path("controllers").path(0).path("name").asText();
    }

    static JsonNode status(ApiClient api, String controller) throws ApiException {
        return api.get(path(controller, "status"));
    }
}
