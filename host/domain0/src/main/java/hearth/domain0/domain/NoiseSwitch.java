package hearth.domain0.domain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import hearth.base.Check;
import hearth.memory.region.NoisePart;
import hearth.memory.region.Region;
import hearth.memory.region.RegionNoise;

/// For tests only: wild stores into the region while no guest runs, to show that they are noticed and never served.
/// The system property `hearth.test.noise=FILE` names a file. Before each spawn the lines `PART:SEED:COUNT` that stand
/// there are carried out, and the file is removed.
final class NoiseSwitch {
    static final String PROPERTY = "hearth.test.noise";

    private final Optional<Path> orders;

    private NoiseSwitch(Optional<Path> orders) {
        this.orders = orders;
    }

    static NoiseSwitch fromSystemProperties() {
        return new NoiseSwitch(Optional.ofNullable(System.getProperty(PROPERTY)).map(Path::of));
    }

    /// Carries out what is ordered; the guest before is fenced, the next one is not spawned yet.
    void strike(Region region, DomainEvents events) throws IOException {
        if (orders.isEmpty() || !Files.exists(orders.get())) {
            return;
        }
        List<String> lines = Files.readAllLines(orders.get());
        Files.delete(orders.get());
        for (String line : lines) {
            String[] words = line.split(":");
            Check.that(words.length == 3, PROPERTY + " has lines PART:SEED:COUNT");
            NoisePart part = NoisePart.valueOf(words[0].toUpperCase(Locale.ROOT).replace('-', '_'));
            List<Long> struck = new RegionNoise(region, Long.parseLong(words[1]))
                    .strike(part, Integer.parseInt(words[2]));
            events.event("test.noise", "part", part, "places", struck.size(), "numbers", struck);
        }
    }
}
