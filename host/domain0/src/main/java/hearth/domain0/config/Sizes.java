package hearth.domain0.config;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Sizes as people write them, in powers of 1024.
public final class Sizes {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,12})\\s*(B|KiB|MiB|GiB|TiB)?");
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Sizes() {}

    static OptionalLong parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        long value = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2);
        for (int i = 1; unit != null && !UNITS[i - 1].equals(unit); i++) {
            if (value > Long.MAX_VALUE >> 10) {
                return OptionalLong.empty();
            }
            value <<= 10;
        }
        return OptionalLong.of(value);
    }

    /// The largest unit that leaves at least 1, with one decimal where it is not whole: `1.5 GiB`.
    public static String format(long bytes) {
        int unit = 0;
        double value = bytes;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return value == Math.rint(value)
                ? (long) value + " " + UNITS[unit]
                : String.format(java.util.Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }
}
