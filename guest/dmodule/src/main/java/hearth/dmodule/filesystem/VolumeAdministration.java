package hearth.dmodule.filesystem;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import hearth.base.Check;
import hearth.cf.Export;
import hearth.cf.FileType;
import hearth.dmodule.filesystem.core.HeapState;
import hearth.dmodule.filesystem.core.Inode;
import hearth.dmodule.filesystem.core.MissingBlock;
import hearth.dmodule.filesystem.core.SpaceAccounting;
import hearth.dmodule.filesystem.core.VolumeState;
import hearth.dmodule.filesystem.format.Bytes;
import hearth.dmodule.filesystem.format.InodeLayout;
import hearth.dmodule.filesystem.format.VolumeConfig;

import static hearth.base.Units.BLOCK_SIZE;

/// The administrator's changes of volumes and exports. They do not go through the log: a change is made in the heap
/// under the exclusive lock, together with its number, and answered when a consistency point has both durable. A death
/// before that leaves nothing of it, and it is asked for again; a death after that leaves the number, by which the
/// successor knows that it is done. One change at a time, so the last number is enough.
///
/// One thread asks at a time, and not under the lock.
public final class VolumeAdministration {
    /// In use, and on their way out: so many can be told in one message.
    public static final int VOLUMES_MAX = 64;

    public static final int DELETING_MAX = 16;

    /// Anyone may write into a fresh volume's root, and remove what is theirs, as in any shared folder.
    public static final int ROOT_MODE = 01777;

    /// Blocks that a new volume may need: its root's inode, inode map and their indirect blocks, and its record.
    private static final int NEW_VOLUME_BLOCKS = 8;

    private static final int STARTS_MAX = 10_000;

    private final FileSystem fileSystem;
    private final HeapState state;

    VolumeAdministration(FileSystem fileSystem, HeapState state) {
        this.fileSystem = fileSystem;
        this.state = state;
    }

    /// How a change went.
    public sealed interface Result {
        /// Made, and durable.
        record Done() implements Result {}

        /// Not as things are: why, and what to do.
        record Refused(String why) implements Result {}

        /// It names what is not there.
        record NotFound(String what) implements Result {}

        /// It can never be.
        record Invalid(String why) implements Result {}
    }

    private static final Result DONE = new Result.Done();

    /// What there is of a volume.
    ///
    /// @param usedBlocks on the disks and promised
    /// @param inodes in use, the root directory included; -1 when they could not be counted
    /// @param stuckBecause why deleting does not go on; empty while it does
    public record Listed(
            VolumeConfig config, boolean deleting, String stuckBecause, long usedBlocks, long inodes) {}

    /// A change, judged and made under one hold of the exclusive lock.
    @FunctionalInterface
    private interface Change {
        /// Makes the change if it is possible.
        ///
        /// @param mark to be called before the first thing is changed
        Result make(Runnable mark) throws MissingBlock;
    }

    /// @param change its random number
    /// @param mark called before anything is changed: what others keep of the volumes is stale from here on
    public Result create(long change, VolumeConfig config, Runnable mark) {
        return change(change, mark, marked -> {
            if (named(config.name()).isPresent()) {
                return new Result.Refused("volume '" + config.name() + "' exists; choose another name");
            }
            if (state.view().volumes().size() >= VOLUMES_MAX) {
                return new Result.Refused("there are " + VOLUMES_MAX + " volumes, and there cannot be more;"
                        + " delete one first");
            }
            if (!state.space().fits(NEW_VOLUME_BLOCKS, SpaceAccounting.Use.GROW)) {
                return new Result.Refused("no space left for another volume; remove files or delete a volume first");
            }
            marked.run();
            add(new NewVolume(config, ROOT_MODE, 0, 0), fileSystem.nowNs());
            return DONE;
        });
    }

    /// An empty directory has no blocks; its format makes them with the first entry.
    void add(NewVolume volume, long nowNs) {
        VolumeState added = state.addVolume(volume.config());
        Inode root = state.view().applying().create(added, InodeLayout.ROOT_INODE, 1);
        root.type = FileType.DIRECTORY;
        root.mode = volume.rootMode();
        root.uid = volume.rootUid();
        root.gid = volume.rootGid();
        root.linkCount = 2;
        root.accessTimeNs = nowNs;
        root.modifyTimeNs = nowNs;
        root.changeTimeNs = nowNs;
        root.birthTimeNs = nowNs;
        root.parentOrDevice = InodeLayout.ROOT_INODE;
    }

    /// @param limitBlocks 0: no limit
    public Result resize(long change, String name, long limitBlocks, Runnable mark) {
        if (change != 0 && change != state.lastChange()) {
            // Facts instead of estimates, so that nobody is refused for what is being overwritten.
            fileSystem.awaitConsistencyPoint("resize");
        }
        return change(change, mark, marked -> {
            Optional<VolumeState> volume = named(name);
            if (volume.isEmpty()) {
                return noVolume(name);
            }
            long used = volume.get().promisedBlocks();
            if (limitBlocks != 0 && limitBlocks < used) {
                return new Result.Refused("volume '" + name + "' uses " + used * BLOCK_SIZE + " bytes, which is more"
                        + " than the " + limitBlocks * BLOCK_SIZE + " asked for; remove files, or ask for more");
            }
            marked.run();
            state.configure(volume.get(), volume.get().config().withLimit(limitBlocks));
            return DONE;
        });
    }

    /// The volume is gone for everybody at once; its blocks are freed by consistency points.
    public Result delete(long change, String name, boolean force, Runnable mark) {
        return change(change, mark, marked -> {
            Optional<VolumeState> volume = named(name);
            if (volume.isEmpty()) {
                return noVolume(name);
            }
            if (!force && volume.get().config().isExported()) {
                return new Result.Refused("volume '" + name + "' is exported as " + volume.get().config().exportPath()
                        + "; delete the export first, or use --force");
            }
            long inodes = inodes(volume.get());
            if (!force && inodes > 1) {
                return new Result.Refused("volume '" + name + "' is not empty: it has " + (inodes - 1)
                        + " files and directories; remove them, or use --force");
            }
            if (deletingCount() >= DELETING_MAX) {
                return new Result.Refused(DELETING_MAX + " volumes are being deleted; wait for one of them");
            }
            marked.run();
            state.beginDeleting(volume.get());
            return DONE;
        });
    }

    public Result createExport(
            long change,
            String path,
            String volumeName,
            boolean readOnly,
            Export.Squash squash,
            List<String> clients,
            Runnable mark) {
        return change(change, mark, marked -> {
            Optional<VolumeState> volume = named(volumeName);
            if (volume.isEmpty()) {
                return noVolume(volumeName);
            }
            VolumeConfig old = volume.get().config();
            if (old.isExported()) {
                return new Result.Refused("volume '" + volumeName + "' is exported as " + old.exportPath()
                        + ", and a volume has one export; change or delete that one");
            }
            if (exported(path).isPresent()) {
                return new Result.Refused("export " + path + " exists; choose another path");
            }
            return configure(volume.get(), old.withExport(path, readOnly, squash, clients), marked);
        });
    }

    /// What is empty stays as it is.
    public Result setExport(
            long change,
            String path,
            Optional<Boolean> readOnly,
            Optional<Export.Squash> squash,
            List<String> clients,
            Runnable mark) {
        return change(change, mark, marked -> {
            Optional<VolumeState> volume = exported(path);
            if (volume.isEmpty()) {
                return noExport(path);
            }
            VolumeConfig old = volume.get().config();
            return configure(volume.get(), old.withExport(path, readOnly.orElse(old.readOnly()),
                    squash.orElse(old.squash()), clients.isEmpty() ? old.clients() : clients), marked);
        });
    }

    public Result deleteExport(long change, String path, Runnable mark) {
        return change(change, mark, marked -> {
            Optional<VolumeState> volume = exported(path);
            if (volume.isEmpty()) {
                return noExport(path);
            }
            VolumeConfig old = volume.get().config();
            return configure(volume.get(), VolumeConfig.notExported(old.name(), old.limitBlocks()), marked);
        });
    }

    private Result configure(VolumeState volume, VolumeConfig config, Runnable marked) {
        marked.run();
        state.configure(volume, config);
        return DONE;
    }

    private Result noVolume(String name) {
        var names = state.view().volumes().stream().map(volume -> volume.config().name()).toList();
        return new Result.NotFound("there is no volume '" + name + "'; there are: " + String.join(", ", names));
    }

    private Result noExport(String path) {
        var paths = state.view().volumes().stream().map(VolumeState::config).filter(VolumeConfig::isExported)
                .map(VolumeConfig::exportPath).toList();
        return new Result.NotFound("there is no export " + path + (paths.isEmpty() ? ""
                : "; there are: " + String.join(", ", paths)));
    }

    private Optional<VolumeState> named(String name) {
        return state.view().volumes().stream().filter(volume -> volume.config().name().equals(name)).findFirst();
    }

    private Optional<VolumeState> exported(String path) {
        return state.view().volumes().stream().filter(volume -> volume.config().exportPath().equals(path)).findFirst();
    }

    private long deletingCount() {
        return state.allVolumes().stream().filter(VolumeState::isDeleting).count();
    }

    private Result change(long number, Runnable mark, Change change) {
        Check.that(number != 0, "a change without a number");
        for (int start = 0; start < STARTS_MAX; start++) {
            Optional<MissingBlock> missing = Optional.empty();
            fileSystem.lock().exclusive();
            try {
                // Else the predecessor made it: the root that was mounted has it.
                if (state.lastChange() != number) {
                    Result result = change.make(mark);
                    if (!(result instanceof Result.Done)) {
                        return result;
                    }
                    state.changed(number);
                }
            } catch (MissingBlock e) {
                missing = Optional.of(e);
            } finally {
                fileSystem.lock().leaveExclusive();
            }
            if (missing.isEmpty()) {
                fileSystem.awaitConsistencyPoint("administration");
                return DONE;
            }
            try {
                fileSystem.fetch(missing.get().pointer());
            } catch (IOException e) {
                return new Result.Refused("the disks do not answer: " + e.getMessage());
            }
        }
        return new Result.Refused("too busy; try again");
    }

    /// All volumes in the order in which they were made, also those that are being deleted.
    public List<Listed> list() {
        for (int start = 0; start < STARTS_MAX; start++) {
            MissingBlock missing;
            fileSystem.lock().shared();
            try {
                return listed(true);
            } catch (MissingBlock e) {
                missing = e;
            } finally {
                fileSystem.lock().leaveShared();
            }
            try {
                fileSystem.fetch(missing.pointer());
            } catch (IOException unreadable) {
                break;
            }
        }
        fileSystem.lock().shared();
        try {
            return listed(false);
        } catch (MissingBlock e) {
            throw Check.failed("a list without a look at the disks missed a block: " + e.pointer());
        } finally {
            fileSystem.lock().leaveShared();
        }
    }

    private List<Listed> listed(boolean counted) throws MissingBlock {
        var all = new ArrayList<Listed>();
        for (VolumeState volume : state.allVolumes()) {
            long inodes = counted && !volume.isDeleting() ? inodes(volume) : -1;
            all.add(new Listed(volume.config(), volume.isDeleting(), volume.stuckBecause(), volume.promisedBlocks(),
                    inodes));
        }
        return all;
    }

    /// Inodes in use, from the inode map: one block for 32768 of them.
    private long inodes(VolumeState volume) throws MissingBlock {
        long count = 0;
        Inode map = volume.inodeMap();
        for (long block = 0; block < map.sizeBytes / BLOCK_SIZE; block++) {
            byte[] bits = state.view().readMeta(map, block);
            for (int at = 0; at < BLOCK_SIZE; at += Long.BYTES) {
                count += Long.bitCount(Bytes.getLong(bits, at));
            }
        }
        return count;
    }
}
