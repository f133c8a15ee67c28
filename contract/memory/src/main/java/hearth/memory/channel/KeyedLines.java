package hearth.memory.channel;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Lines `key=value` as a map that complains in the channel's words. Unknown keys are for a later reader: ignored.
final class KeyedLines {
    private final String what;
    private final Map<String, String> values = new LinkedHashMap<>();

    KeyedLines(String what, List<String> lines) throws ChannelException {
        this.what = what;
        for (String line : lines) {
            int equals = line.indexOf('=');
            if (equals <= 0) {
                throw new ChannelException(what + " line '" + line + "'");
            }
            values.put(line.substring(0, equals), line.substring(equals + 1));
        }
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    String text(String key) throws ChannelException {
        return optional(key).orElseThrow(() -> new ChannelException(what + " without " + key));
    }

    Optional<String> optional(String key) {
        return Optional.ofNullable(values.get(key));
    }

    long number(String key) throws ChannelException {
        String text = text(key);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new ChannelException(what + " has no number for " + key + ": '" + text + "'");
        }
    }

    /// Texts joined by commas; empty for none, and for a key that is missing.
    List<String> list(String key) {
        String text = values.getOrDefault(key, "");
        return text.isEmpty() ? List.of() : List.of(text.split(","));
    }
}
