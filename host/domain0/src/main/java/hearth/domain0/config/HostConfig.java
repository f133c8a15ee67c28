package hearth.domain0.config;

import java.nio.file.Path;
import java.util.List;

import hearth.base.Units;

/// The whole host.
///
/// @param apiPort port of the HTTP API on loopback; 0: any free one, told in `run/api.json`
public record HostConfig(List<ControllerConfig> controllers, int apiPort, LogsConfig logs) {
    static final long DEFAULT_DISK_BYTES = Units.GIB;

    public HostConfig {
        controllers = List.copyOf(controllers);
    }

    /// What `up` runs without a file: one controller `a`, two sparse disks in a mirror, one volume on loopback.
    public static HostConfig defaults(Path dataDirectory) {
        Path disks = dataDirectory.resolve("disks");
        var volume = new VolumeConfig("vol0");
        var controller = new ControllerConfig(
                "a",
                defaultDisks(disks, "a"),
                List.of(volume),
                List.of(defaultExport(volume)),
                List.of(new ListenConfig("127.0.0.1", 0)),
                MemoryConfig.DEFAULT,
                defaultJournal(disks, "a", MemoryConfig.DEFAULT),
                RestartConfig.DEFAULT,
                GuestConfig.DEFAULT);
        return new HostConfig(List.of(controller), 0, LogsConfig.DEFAULT);
    }

    /// A mirror of two sparse files.
    static List<DiskConfig> defaultDisks(Path disks, String controller) {
        return List.of(
                new DiskConfig("disk0", disks.resolve(controller + "-disk0.img"), DEFAULT_DISK_BYTES),
                new DiskConfig("disk1", disks.resolve(controller + "-disk1.img"), DEFAULT_DISK_BYTES));
    }

    /// For this machine only; its users may do what their numbers allow, root included.
    static ExportConfig defaultExport(VolumeConfig volume) {
        return new ExportConfig(
                "/" + volume.name(),
                volume.name(),
                ExportConfig.Access.RW,
                List.of("127.0.0.0/8", "::1/128"),
                ExportConfig.Squash.NONE);
    }

    /// Two journal files beside the disks, four times a log half each: twice the whole log.
    static JournalConfig defaultJournal(Path disks, String controller, MemoryConfig memory) {
        return new JournalConfig(
                List.of(disks.resolve(controller + "-journal0.log"), disks.resolve(controller + "-journal1.log")),
                4 * memory.logHalfBytes() + 4L * Units.MIB);
    }
}
