package hearth.domain0.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

import hearth.base.Check;

/// The description of the interface, `docs/openapi.yaml`, which the build puts beside this class.
final class OpenApiFile {
    private static final String NAME = "openapi.yaml";

    private OpenApiFile() {}

    static Answer answer() {
        try (InputStream file = OpenApiFile.class.getResourceAsStream(NAME)) {
            if (file == null) {
                throw Check.failed("built without " + NAME);
            }
            return new Answer("application/yaml", file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
