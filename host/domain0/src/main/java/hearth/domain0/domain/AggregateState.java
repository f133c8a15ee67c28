package hearth.domain0.domain;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import hearth.base.Check;
import hearth.domain0.state.DataDirectory;
import hearth.memory.label.DiskId;

/// What the host remembers of a domain from start to start, in `state/controller-NAME`: lines `key=value`. Replaced as
/// a whole.
///
/// @param aggregateId of the aggregate whose disks were made
/// @param disks ids by the disks' configured names, in the configured order
/// @param ports chosen ports by configured listener, in the configured order
/// @param created false while disks and journal are being made for the first time: no guest has run yet
/// @param incarnationFloor incarnation numbers up to this one may have been used
record AggregateState(
        long aggregateId, Map<String, DiskId> disks, List<Integer> ports, boolean created, long incarnationFloor) {
    private static final String DISK = "disk.";
    private static final String PORT = "port.";

    AggregateState {
        disks = Collections.unmodifiableMap(new LinkedHashMap<>(disks));
        ports = List.copyOf(ports);
    }

    private static String file(String domain) {
        return "controller-" + domain;
    }

    /// What stands in the state file; empty when there is none. Throws, for people, when it cannot be read.
    static Optional<AggregateState> load(DataDirectory directory, String domain) throws StartException {
        try {
            Optional<byte[]> bytes = directory.readState(file(domain));
            return bytes.map(found -> parse(new String(found, StandardCharsets.UTF_8)));
        } catch (IOException | IllegalArgumentException e) {
            throw new StartException(StartException.CONFIGURATION, "state file " + directory.root().resolve("state")
                    .resolve(file(domain)) + " cannot be read: " + e.getMessage(), e);
        }
    }

    void save(DataDirectory directory, String domain) throws IOException {
        directory.writeState(file(domain), text().getBytes(StandardCharsets.UTF_8));
    }

    String text() {
        var text = new StringBuilder();
        text.append("aggregate=").append(Long.toHexString(aggregateId)).append('\n');
        text.append("created=").append(created).append('\n');
        text.append("incarnation-floor=").append(incarnationFloor).append('\n');
        disks.forEach((name, id) -> text.append(DISK).append(name).append('=').append(id).append('\n'));
        for (int i = 0; i < ports.size(); i++) {
            text.append(PORT).append(i).append('=').append(ports.get(i)).append('\n');
        }
        return text.toString();
    }

    static AggregateState parse(String text) {
        long aggregate = 0;
        boolean created = false;
        long floor = 0;
        Map<String, DiskId> disks = new LinkedHashMap<>();
        List<Integer> ports = new ArrayList<>();
        for (String line : text.lines().filter(line -> !line.isBlank()).toList()) {
            int equal = line.indexOf('=');
            if (equal < 0) {
                throw new IllegalArgumentException("no value in line '" + line + "'");
            }
            String key = line.substring(0, equal);
            String value = line.substring(equal + 1);
            if (key.startsWith(DISK)) {
                disks.put(key.substring(DISK.length()), DiskId.parse(value));
            } else if (key.startsWith(PORT)) {
                ports.add(Integer.parseInt(value));
            } else {
                switch (key) {
                    case "aggregate" -> aggregate = Long.parseUnsignedLong(value, 16);
                    case "created" -> created = Boolean.parseBoolean(value);
                    case "incarnation-floor" -> floor = Long.parseLong(value);
                    default -> throw new IllegalArgumentException("unknown key '" + key + "'");
                }
            }
        }
        if (aggregate == 0 || disks.isEmpty()) {
            throw new IllegalArgumentException("no aggregate in it");
        }
        return new AggregateState(aggregate, disks, ports, created, floor);
    }

    AggregateState withCreated() {
        return new AggregateState(aggregateId, disks, ports, true, incarnationFloor);
    }

    AggregateState withPorts(List<Integer> chosen) {
        return new AggregateState(aggregateId, disks, chosen, created, incarnationFloor);
    }

    AggregateState withIncarnationFloor(long floor) {
        Check.that(floor >= incarnationFloor, "the incarnation floor sinks", floor, incarnationFloor);
        return new AggregateState(aggregateId, disks, ports, created, floor);
    }
}
