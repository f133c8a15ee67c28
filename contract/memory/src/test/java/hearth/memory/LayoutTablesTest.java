package hearth.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every layout's table says what its constants say, and its rows follow each other without gap or overlap.
class LayoutTablesTest {
    private static final Pattern ROW = Pattern.compile("/// \\| (\\d+) \\| (\\d+) \\| ([A-Z0-9_]+|-) \\|.*");

    @Test
    void rowsChainAndEqualTheConstants() throws Exception {
        Path sources = Path.of("src/main/java");
        List<Path> layouts;
        try (Stream<Path> files = Files.walk(sources.resolve("hearth/memory"))) {
            layouts = files.filter(file -> file.getFileName().toString().endsWith("Layout.java")).toList();
        }
        assertThat(layouts).hasSizeGreaterThan(10);
        for (Path layout : layouts) {
            check(sources, layout);
        }
    }

    private static void check(Path sources, Path layout) throws IOException, ReflectiveOperationException {
        String name = sources.relativize(layout).toString().replace(".java", "").replace('/', '.');
        Class<?> type = Class.forName(name);
        int next = 0;
        int rows = 0;
        for (String line : Files.readAllLines(layout)) {
            Matcher row = ROW.matcher(line.trim());
            if (!row.matches()) {
                continue;
            }
            int offset = Integer.parseInt(row.group(1));
            assertThat(offset).as("%s: %s", name, line).isEqualTo(next);
            next = offset + Integer.parseInt(row.group(2));
            rows++;
            if (!row.group(3).equals("-")) {
                var field = type.getField(row.group(3) + "_OFFSET");
                assertThat(field.getInt(null)).as("%s: %s", name, line).isEqualTo(offset);
            }
        }
        assertThat(rows).as(name).isPositive();
    }
}
