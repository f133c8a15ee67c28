package hearth.memory.channel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import hearth.memory.channel.BootConfig.InitialExport;

/// One volume as the aggregate has it, and as the lines of `Administered` tell it: `N.key=value` for the N-th.
///
/// @param sizeBytes the most that it may hold; 0: no limit of its own
/// @param usedBytes on the disks and promised, its own metadata included
/// @param files inodes in use but the root directory; -1 when they could not be counted
/// @param state `online`, or `deleting` and how that goes
/// @param export how it is exported; a volume has one export at most
public record VolumeReport(
        String name, long sizeBytes, long usedBytes, long files, String state, Optional<InitialExport> export) {
    public static final String ONLINE = "online";
    public static final String DELETING = "deleting";

    private static final int VOLUMES_MAX = 256;

    /// Lines for all of them.
    public static List<String> lines(List<VolumeReport> volumes) {
        var lines = new ArrayList<String>();
        for (int i = 0; i < volumes.size(); i++) {
            VolumeReport one = volumes.get(i);
            String prefix = i + ".";
            lines.add(prefix + "name=" + one.name());
            lines.add(prefix + "size=" + one.sizeBytes());
            lines.add(prefix + "used=" + one.usedBytes());
            lines.add(prefix + "files=" + one.files());
            lines.add(prefix + "state=" + one.state());
            if (one.export().isPresent()) {
                InitialExport export = one.export().get();
                lines.add(prefix + "path=" + export.path());
                lines.add(prefix + "access=" + (export.readOnly() ? "ro" : "rw"));
                lines.add(prefix + "squash=" + export.squash());
                lines.add(prefix + "clients=" + String.join(",", export.clients()));
            }
        }
        return lines;
    }

    /// Reads what `lines` wrote.
    public static List<VolumeReport> parse(List<String> lines) throws ChannelException {
        var from = new KeyedLines("volumes", lines);
        var volumes = new ArrayList<VolumeReport>();
        for (int i = 0; i < VOLUMES_MAX && from.has(i + ".name"); i++) {
            String prefix = i + ".";
            String name = from.text(prefix + "name");
            Optional<InitialExport> export = Optional.empty();
            if (from.has(prefix + "path")) {
                export = Optional.of(new InitialExport(from.text(prefix + "path"), name,
                        from.text(prefix + "access").equals("ro"), from.text(prefix + "squash"),
                        from.list(prefix + "clients")));
            }
            volumes.add(new VolumeReport(name, from.number(prefix + "size"), from.number(prefix + "used"),
                    from.number(prefix + "files"), from.text(prefix + "state"), export));
        }
        return volumes;
    }
}
