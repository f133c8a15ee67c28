package hearth.domain0.api;

import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// What a call is answered with.
record Answer(String contentType, byte[] body) {
    Answer(String contentType, String text) {
        this(contentType, text.getBytes(StandardCharsets.UTF_8));
    }

    static Answer of(ObjectNode json) {
        return new Answer("application/json", json + "\n");
    }
}
