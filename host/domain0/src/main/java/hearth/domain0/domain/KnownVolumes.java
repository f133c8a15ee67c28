package hearth.domain0.domain;

import java.util.ArrayList;
import java.util.List;

import hearth.domain0.config.ExportConfig;
import hearth.domain0.config.VolumeConfig;
import hearth.domain0.config.VolumeRules;
import hearth.memory.channel.BootConfig.InitialExport;
import hearth.memory.channel.VolumeReport;

/// The volumes and exports of a domain as far as the host knows them: what the disks were made with, until the guest
/// has said what there is. The aggregate is the one that counts.
public record KnownVolumes(List<VolumeConfig> volumes, List<ExportConfig> exports) {
    public KnownVolumes {
        volumes = List.copyOf(volumes);
        exports = List.copyOf(exports);
    }

    /// What a guest reported; those that are being deleted are not there any more.
    static KnownVolumes of(List<VolumeReport> reports) {
        var volumes = new ArrayList<VolumeConfig>();
        var exports = new ArrayList<ExportConfig>();
        for (VolumeReport report : reports) {
            if (report.state().equals(VolumeReport.ONLINE)) {
                volumes.add(new VolumeConfig(report.name(), report.sizeBytes()));
                report.export().ifPresent(export -> exports.add(export(export)));
            }
        }
        return new KnownVolumes(volumes, exports);
    }

    private static ExportConfig export(InitialExport export) {
        return new ExportConfig(
                export.path(),
                export.volume(),
                export.readOnly() ? ExportConfig.Access.RO : ExportConfig.Access.RW,
                export.clients(),
                VolumeRules.choice(ExportConfig.Squash.class, export.squash()).orElse(ExportConfig.Squash.ALL));
    }
}
