package hearth.system.boot;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import hearth.base.Units;
import hearth.cf.Export;
import hearth.dmodule.filesystem.FileSystem;
import hearth.dmodule.filesystem.FileSystemParts;
import hearth.dmodule.filesystem.MountResult;
import hearth.dmodule.filesystem.NewVolume;
import hearth.dmodule.filesystem.VolumeAdministration;
import hearth.dmodule.filesystem.format.FsInfo;
import hearth.dmodule.filesystem.format.VolumeConfig;
import hearth.dmodule.nvlog.NvLog;
import hearth.dmodule.nvlog.Position;
import hearth.dmodule.nvlog.ReplayOutcome;
import hearth.dmodule.nvlog.Replayer;
import hearth.dmodule.raid.RaidSystem;
import hearth.memory.channel.BootConfig;
import hearth.memory.channel.BootConfig.InitialExport;
import hearth.memory.log.LogRecord;

/// The file system of a conventional boot: mounted from the disks, or made when all labels are new.
final class Aggregates {
    private final BootEnvironment env;
    private final RaidSystem raid;
    private final NvLog log;
    private final FileSystemParts parts;

    Aggregates(BootEnvironment env, RaidSystem raid, NvLog log, FileSystemParts parts) {
        this.env = env;
        this.raid = raid;
        this.log = log;
        this.parts = parts;
    }

    /// A mounted aggregate.
    ///
    /// @param fresh just made: the log is open already, there is nothing to replay
    record Found(FileSystem fileSystem, boolean fresh) {}

    Found find() throws BootException {
        try {
            if (raid.isFormatted()) {
                return new Found(mount(), false);
            }
            if (rootInRegion()) {
                // The predecessor made the file system and died before the labels said so.
                FileSystem mounted = mount();
                raid.markFormatted();
                return new Found(mounted, false);
            }
            FileSystem made = format();
            raid.markFormatted();
            return new Found(made, true);
        } catch (BootException e) {
            throw e;
        } catch (IOException e) {
            throw new BootException(BootException.Kind.DISKS, "the aggregate cannot be mounted", e);
        }
    }

    private FileSystem mount() throws IOException {
        return switch (FileSystem.mountFromDisks(parts, env.config().rootGenerationMin())) {
            case MountResult.Mounted(FileSystem mounted) -> mounted;
            case MountResult.Refused(String why) -> throw new BootException(BootException.Kind.ROOT, why);
        };
    }

    private boolean rootInRegion() {
        Optional<byte[]> root = parts.root().committed();
        return root.isPresent()
                && FsInfo.decode(root.get()) instanceof FsInfo.Decoded.Valid(FsInfo info)
                && info.aggregateId() == raid.state().aggregateId();
    }

    private FileSystem format() throws IOException {
        switch (log.replay(0, new NothingToReplay())) {
            case ReplayOutcome.Replayed _ -> {}
            case ReplayOutcome.Damaged(long lsn, long _, String why) -> throw new BootException(
                    BootException.Kind.LOG, "the disks are new, but the log holds record " + lsn + ", damaged: " + why);
            case ReplayOutcome.Poisoned(long lsn, long _, int _) -> throw new BootException(
                    BootException.Kind.LOG, "the disks are new, but the log holds record " + lsn);
        }
        return FileSystem.format(parts, raid.state().aggregateId(), volumes(env.config()));
    }

    /// New disks under an old log are not this log's disks.
    private static final class NothingToReplay implements Replayer {
        @Override
        public void replay(Position position, LogRecord record) throws IOException {
            throw new BootException(BootException.Kind.FOREIGN,
                    "the disks are new, but the log holds acknowledged record " + position.lsn());
        }
    }

    private static List<NewVolume> volumes(BootConfig config) throws BootException {
        List<NewVolume> volumes = new ArrayList<>();
        for (String name : config.volumes()) {
            Optional<InitialExport> export = Optional.empty();
            for (InitialExport each : config.exports()) {
                if (each.volume().equals(name)) {
                    if (export.isPresent()) {
                        throw new BootException(
                                BootException.Kind.CONFIGURATION, "volume " + name + " has two exports");
                    }
                    export = Optional.of(each);
                }
            }
            long limitBlocks = Math.ceilDiv(config.volumeSizes().getOrDefault(name, 0L), (long) Units.BLOCK_SIZE);
            volumes.add(new NewVolume(volume(name, limitBlocks, export), VolumeAdministration.ROOT_MODE, 0, 0));
        }
        if (volumes.isEmpty()) {
            throw new BootException(BootException.Kind.CONFIGURATION, "no volume to make");
        }
        return volumes;
    }

    private static VolumeConfig volume(String name, long limitBlocks, Optional<InitialExport> export)
            throws BootException {
        try {
            VolumeConfig volume = VolumeConfig.notExported(name, limitBlocks);
            if (export.isEmpty()) {
                return volume;
            }
            InitialExport given = export.get();
            Export.Squash squash = Export.Squash.valueOf(given.squash().toUpperCase(Locale.ROOT));
            return volume.withExport(given.path(), given.readOnly(), squash, given.clients());
        } catch (IllegalArgumentException e) {
            throw new BootException(BootException.Kind.CONFIGURATION, "volume " + name, e);
        }
    }
}
