package hearth.domain0.api;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The arguments behind the `?` of a call.
final class Query {
    private final Map<String, String> values = new LinkedHashMap<>();

    /// @param allowed what this call takes; anything else is a mistake that must not pass in silence
    Query(URI uri, Set<String> allowed) throws ApiError {
        String query = uri.getRawQuery();
        if (query == null || query.isEmpty()) {
            return;
        }
        for (String one : query.split("&")) {
            int equal = one.indexOf('=');
            String key = decode(equal < 0 ? one : one.substring(0, equal));
            if (!allowed.contains(key)) {
                throw ApiError.badRequest("argument '" + key + "' is unknown"
                        + (allowed.isEmpty() ? "; this call has none" : "; there are " + allowed));
            }
            values.put(key, equal < 0 ? "" : decode(one.substring(equal + 1)));
        }
    }

    private static String decode(String text) throws ApiError {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ApiError.badRequest("'" + text + "' is not URL-encoded");
        }
    }

    boolean flag(String key) throws ApiError {
        return switch (values.getOrDefault(key, "false")) {
            case "true" -> true;
            case "false" -> false;
            default -> throw ApiError.badRequest("argument " + key + " must be true or false");
        };
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    /// A text that must be there.
    String text(String key) throws ApiError {
        String text = values.get(key);
        if (text == null || text.isEmpty()) {
            throw ApiError.badRequest("argument " + key + " is missing");
        }
        return text;
    }

    Optional<String> optional(String key) {
        return Optional.ofNullable(values.get(key));
    }

    long number(String key, long otherwise, long max) throws ApiError {
        String text = values.get(key);
        if (text == null) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text);
            if (value >= 0 && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // The same complaint.
        }
        throw ApiError.badRequest("argument " + key + " must be a number from 0 to " + max);
    }
}
