package hearth.domain0.domain;

import hearth.domain0.config.ControllerConfig;
import hearth.domain0.config.ExportConfig;
import hearth.memory.journal.JournalSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The lines `key=value` of an assignment. Volumes and exports are those of the configuration: the guest makes them
/// when it formats the aggregate, afterwards the aggregate's own win.
///
/// - `aggregate-id`: hexadecimal, what every label must carry
/// - `consistency-point-interval-ms`
/// - `volume.N.name`, N from 0
/// - `export.N.path`, `.volume`, `.access` (ro, rw), `.squash` (none, root, all), `.clients` (CIDR blocks with commas,
///   empty for everyone)
/// - `root.generation`, `root.crc` (hexadecimal), `root.last-lsn`: the newest committed fsinfo that the journal knows; a
///   mount that finds an older generation refuses. Generation 0: none is known
/// - `label.number`, `label.id` (hexadecimal): the newest label generation that the journal knows
final class BootConfig {
    private BootConfig() {}

    static List<String> lines(ControllerConfig config, long aggregateId, JournalSummary journal) {
        List<String> lines = new ArrayList<>();
        lines.add("aggregate-id=" + Long.toHexString(aggregateId));
        lines.add("consistency-point-interval-ms=" + config.guest().consistencyPointIntervalMs());
        for (int i = 0; i < config.volumes().size(); i++) {
            lines.add("volume." + i + ".name=" + config.volumes().get(i).name());
        }
        for (int i = 0; i < config.exports().size(); i++) {
            ExportConfig export = config.exports().get(i);
            String key = "export." + i + ".";
            lines.add(key + "path=" + export.path());
            lines.add(key + "volume=" + export.volume());
            lines.add(key + "access=" + export.access().name().toLowerCase(Locale.ROOT));
            lines.add(key + "squash=" + export.squash().name().toLowerCase(Locale.ROOT));
            lines.add(key + "clients=" + String.join(",", export.clients()));
        }
        lines.add("root.generation=" + journal.root().generation());
        lines.add("root.crc=" + Integer.toHexString(journal.root().crc()));
        lines.add("root.last-lsn=" + journal.root().lastLsn());
        lines.add("label.number=" + journal.label().number());
        lines.add("label.id=" + Long.toHexString(journal.label().id()));
        return lines;
    }
}
