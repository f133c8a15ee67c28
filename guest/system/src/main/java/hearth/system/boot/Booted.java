package hearth.system.boot;

import hearth.checkpoint.BootPlan;
import hearth.dmodule.buffer.BufferCache;
import hearth.dmodule.disk.DiskFrontEnd;
import hearth.dmodule.filesystem.FileSystem;
import hearth.dmodule.filesystem.operation.Operations;
import hearth.dmodule.nvlog.NvLog;
import hearth.dmodule.raid.Mirror;
import hearth.nmodule.nfs.NfsServer;

/// A guest that is ready to listen: everything stands, nothing but the disks' completion thread runs.
///
/// @param plan the one that was carried out
public record Booted(
        BootPlan plan,
        DiskFrontEnd disks,
        Mirror raid,
        BufferCache cache,
        FileSystem fileSystem,
        NvLog log,
        Operations operations,
        NfsServer server,
        Containers containers) {}
