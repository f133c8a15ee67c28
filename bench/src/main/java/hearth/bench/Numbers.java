package hearth.bench;

import java.util.Arrays;
import java.util.Locale;

/// A sample of durations in milliseconds, in the order measured.
record Numbers(double[] ms) {

    /// The value below which `percent` percent of the sample lie (nearest rank).
    double percentile(double percent) {
        double[] sorted = ms.clone();
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(percent / 100 * sorted.length);
        return sorted[Math.max(0, rank - 1)];
    }

    String row(String name) {
        if (ms.length == 0) {
            return String.format(Locale.ROOT, "%-34s %8s", name, "-");
        }
        return String.format(
                Locale.ROOT,
                "%-34s %8.1f %8.1f %8.1f %8.1f %5d",
                name,
                percentile(0),
                percentile(50),
                percentile(99),
                percentile(100),
                ms.length);
    }

    static String header() {
        return String.format(Locale.ROOT, "%-34s %8s %8s %8s %8s %5s", "ms", "min", "median", "p99", "max", "n");
    }
}
