package hearth.memory.channel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What domain 0 tells a guest about its boot, as the lines `key=value` of `Assign`. Both sides use this record, so
/// that they agree on the keys. Volumes and exports count only when an aggregate is formatted: afterwards what stands
/// on the aggregate wins.
///
/// Keys: `aggregate-id` (hexadecimal), `root.generation`, `label.number`, `failed-starts`, `drop-cache`,
/// `consistency-point-interval-ms`, `volume.N.name`, `volume.N.size` (bytes; none: no limit),
/// `export.N.path`, `export.N.volume`, `export.N.access` (`ro`,
/// `rw`),
/// `export.N.squash` (`none`, `root`, `all`), `export.N.clients` (CIDR blocks joined by commas; empty: everyone).
/// Unknown keys are for a later guest: ignored.
///
/// @param aggregateId the aggregate that the disks belong to, as `state/` knows it; 0 when it knows none
/// @param rootGenerationMin newest fsinfo that the journal knows to be durable; 0 when it knows none
/// @param labelGenerationMin newest label generation that the journal knows to be durable; 0 when it knows none
/// @param failedStarts failed starts in a row before this one
/// @param dropCache the buffer cache is to be dropped, whatever the plan
/// @param consistencyPointIntervalMs longest time between two consistency points while there are changes
/// @param volumes names of the volumes that formatting makes
/// @param volumeSizes the most that each of them may hold, in bytes, by name; those left out have no limit
public record BootConfig(
        long aggregateId,
        long rootGenerationMin,
        long labelGenerationMin,
        int failedStarts,
        boolean dropCache,
        long consistencyPointIntervalMs,
        List<String> volumes,
        Map<String, Long> volumeSizes,
        List<InitialExport> exports) {
    private static final String AGGREGATE_ID = "aggregate-id";
    private static final String ROOT_GENERATION = "root.generation";
    private static final String LABEL_GENERATION = "label.number";
    private static final String FAILED_STARTS = "failed-starts";
    private static final String DROP_CACHE = "drop-cache";
    private static final String INTERVAL = "consistency-point-interval-ms";
    private static final String VOLUME = "volume";
    private static final String EXPORT = "export";
    private static final int INDEX_MAX = 1024;

    public BootConfig {
        volumes = List.copyOf(volumes);
        volumeSizes = Map.copyOf(volumeSizes);
        exports = List.copyOf(exports);
    }

    /// The same for volumes without limits.
    public BootConfig(
            long aggregateId,
            long rootGenerationMin,
            long labelGenerationMin,
            int failedStarts,
            boolean dropCache,
            long consistencyPointIntervalMs,
            List<String> volumes,
            List<InitialExport> exports) {
        this(aggregateId, rootGenerationMin, labelGenerationMin, failedStarts, dropCache, consistencyPointIntervalMs,
                volumes, Map.of(), exports);
    }

    /// An export that formatting makes.
    ///
    /// @param squash `none`, `root` or `all`
    /// @param clients CIDR blocks; empty: everyone
    public record InitialExport(String path, String volume, boolean readOnly, String squash, List<String> clients) {
        public InitialExport {
            clients = List.copyOf(clients);
        }
    }

    /// The lines of `Assign`.
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(AGGREGATE_ID + "=" + Long.toHexString(aggregateId));
        lines.add(ROOT_GENERATION + "=" + rootGenerationMin);
        lines.add(LABEL_GENERATION + "=" + labelGenerationMin);
        lines.add(FAILED_STARTS + "=" + failedStarts);
        lines.add(DROP_CACHE + "=" + dropCache);
        lines.add(INTERVAL + "=" + consistencyPointIntervalMs);
        for (int i = 0; i < volumes.size(); i++) {
            lines.add(VOLUME + "." + i + ".name=" + volumes.get(i));
            Long size = volumeSizes.get(volumes.get(i));
            if (size != null) {
                lines.add(VOLUME + "." + i + ".size=" + size);
            }
        }
        for (int i = 0; i < exports.size(); i++) {
            InitialExport export = exports.get(i);
            String prefix = EXPORT + "." + i + ".";
            lines.add(prefix + "path=" + export.path());
            lines.add(prefix + "volume=" + export.volume());
            lines.add(prefix + "access=" + (export.readOnly() ? "ro" : "rw"));
            lines.add(prefix + "squash=" + export.squash());
            lines.add(prefix + "clients=" + String.join(",", export.clients()));
        }
        return lines;
    }

    /// Reads what `lines` wrote; what is missing has a default.
    public static BootConfig parse(List<String> lines) throws ChannelException {
        Map<String, String> values = new TreeMap<>();
        Map<Integer, String> names = new TreeMap<>();
        Map<Integer, Long> sizes = new TreeMap<>();
        Map<Integer, Map<String, String>> exports = new TreeMap<>();
        for (String line : lines) {
            int equals = line.indexOf('=');
            if (equals <= 0) {
                throw new ChannelException("boot configuration line '" + line + "'");
            }
            String key = line.substring(0, equals);
            String value = line.substring(equals + 1);
            if (key.startsWith(VOLUME + ".") && key.endsWith(".name")) {
                names.put(index(key), value);
            } else if (key.startsWith(VOLUME + ".") && key.endsWith(".size")) {
                sizes.put(index(key), size(value));
            } else if (key.startsWith(EXPORT + ".")) {
                exports.computeIfAbsent(index(key), _ -> new TreeMap<>())
                        .put(key.substring(key.indexOf('.', EXPORT.length() + 1) + 1), value);
            } else {
                values.put(key, value);
            }
        }
        List<InitialExport> initial = new ArrayList<>();
        for (Map<String, String> fields : exports.values()) {
            initial.add(export(fields));
        }
        Map<String, Long> volumeSizes = new TreeMap<>();
        names.forEach((index, name) -> {
            Long size = sizes.get(index);
            if (size != null) {
                volumeSizes.put(name, size);
            }
        });
        try {
            return new BootConfig(
                    Long.parseUnsignedLong(values.getOrDefault(AGGREGATE_ID, "0"), 16),
                    Long.parseLong(values.getOrDefault(ROOT_GENERATION, "0")),
                    Long.parseLong(values.getOrDefault(LABEL_GENERATION, "0")),
                    Integer.parseInt(values.getOrDefault(FAILED_STARTS, "0")),
                    values.getOrDefault(DROP_CACHE, "false").equals("true"),
                    Long.parseLong(values.getOrDefault(INTERVAL, "5000")),
                    new ArrayList<>(names.values()),
                    volumeSizes,
                    initial);
        } catch (NumberFormatException e) {
            throw new ChannelException("boot configuration: " + e.getMessage());
        }
    }

    private static Long size(String value) throws ChannelException {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new ChannelException("boot configuration: size '" + value + "'");
        }
    }

    private static InitialExport export(Map<String, String> fields) throws ChannelException {
        String path = fields.get("path");
        String volume = fields.get("volume");
        if (path == null || volume == null) {
            throw new ChannelException("boot configuration: an export without path or volume");
        }
        String clients = fields.getOrDefault("clients", "");
        return new InitialExport(path, volume, fields.getOrDefault("access", "rw").equals("ro"),
                fields.getOrDefault("squash", "root"),
                clients.isEmpty() ? List.of() : Arrays.asList(clients.split(",")));
    }

    /// The number between the first two dots.
    private static int index(String key) throws ChannelException {
        int first = key.indexOf('.');
        int second = key.indexOf('.', first + 1);
        try {
            int index = second < 0 ? -1 : Integer.parseInt(key.substring(first + 1, second));
            if (index >= 0 && index < INDEX_MAX) {
                return index;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new ChannelException("boot configuration key '" + key + "'");
    }
}
