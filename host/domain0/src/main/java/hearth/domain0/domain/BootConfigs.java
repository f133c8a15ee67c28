package hearth.domain0.domain;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import hearth.domain0.config.ControllerConfig;
import hearth.domain0.config.ExportConfig;
import hearth.domain0.config.VolumeConfig;
import hearth.memory.channel.BootConfig;
import hearth.memory.channel.BootConfig.InitialExport;
import hearth.memory.journal.JournalSummary;

/// What a guest is told about its boot, from configuration, state and journal. Nothing newer than the journal's root
/// and label can be asked for: a mount that finds less than them refuses rather than go back silently.
final class BootConfigs {
    private BootConfigs() {}

    static BootConfig of(
            ControllerConfig config, long aggregateId, JournalSummary journal, int failedStarts, boolean dropCache) {
        return new BootConfig(
                aggregateId,
                journal.root().generation(),
                journal.label().number(),
                failedStarts,
                dropCache,
                config.guest().consistencyPointIntervalMs(),
                config.volumes().stream().map(VolumeConfig::name).toList(),
                config.volumes().stream().filter(volume -> volume.sizeBytes() > 0)
                        .collect(Collectors.toMap(VolumeConfig::name, VolumeConfig::sizeBytes)),
                config.exports().stream().map(BootConfigs::export).toList());
    }

    private static InitialExport export(ExportConfig export) {
        return new InitialExport(export.path(), export.volume(), export.access() == ExportConfig.Access.RO,
                export.squash().name().toLowerCase(Locale.ROOT), List.copyOf(export.clients()));
    }
}
