package hearth.tidy;

import java.util.ArrayList;
import java.util.List;

/// What a reader can hold in mind.
final class SizeLimits {
    static final int FILE_LINES_MAX = 600;
    static final int METHOD_LINES_MAX = 60;
    static final int LINE_CHARACTERS_MAX = 120;

    private SizeLimits() {}

    static List<String> of(SourceFile file) {
        List<String> wrong = ofText(file.path(), file.lines());
        for (var method : file.methods()) {
            if (method.length() > METHOD_LINES_MAX) {
                wrong.add("%s:%d: %s has %d lines".formatted(
                        file.path(), method.firstLine(), method.name(), method.length()));
            }
        }
        return wrong;
    }

    /// The limits that hold for any text.
    static List<String> ofText(String path, List<String> lines) {
        List<String> wrong = new ArrayList<>();
        if (lines.size() > FILE_LINES_MAX) {
            wrong.add("%s: %d lines".formatted(path, lines.size()));
        }
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.codePointCount(0, line.length()) > LINE_CHARACTERS_MAX) {
                wrong.add("%s:%d: longer than %d characters".formatted(path, i + 1, LINE_CHARACTERS_MAX));
            }
        }
        return wrong;
    }
}
