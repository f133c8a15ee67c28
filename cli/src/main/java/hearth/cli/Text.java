package hearth.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Numbers and tables as people read them.
final class Text {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Text() {}

    static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (Math.abs(value) >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }

    static String ms(double ms) {
        return String.format(Locale.ROOT, ms < 100 ? "%.1f ms" : "%.0f ms", ms);
    }

    /// Columns padded to their widest cell, two blanks between; the first row is the heading.
    static String table(List<List<String>> rows) {
        var widths = new ArrayList<Integer>();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                if (i == widths.size()) {
                    widths.add(0);
                }
                widths.set(i, Math.max(widths.get(i), row.get(i).length()));
            }
        }
        var lines = new ArrayList<String>();
        for (List<String> row : rows) {
            var line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                line.append(i == 0 ? "" : "  ").append(row.get(i));
                line.repeat(' ', widths.get(i) - row.get(i).length());
            }
            lines.add(line.toString().stripTrailing());
        }
        return String.join("\n", lines);
    }
}
