package hearth.domain0.config;

import java.util.List;

/// One controller: a domain and all that the host gives it.
public record ControllerConfig(
        String name,
        List<DiskConfig> disks,
        List<VolumeConfig> volumes,
        List<ExportConfig> exports,
        List<ListenConfig> listen,
        MemoryConfig memory,
        JournalConfig journal,
        RestartConfig restart,
        GuestConfig guest) {
    public ControllerConfig {
        disks = List.copyOf(disks);
        volumes = List.copyOf(volumes);
        exports = List.copyOf(exports);
        listen = List.copyOf(listen);
    }
}
