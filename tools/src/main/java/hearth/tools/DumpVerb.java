package hearth.tools;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import hearth.base.Units;
import hearth.cf.Name;
import hearth.dmodule.filesystem.blockmap.MapWords;
import hearth.dmodule.filesystem.check.StoredRoot;
import hearth.dmodule.filesystem.core.Inode;
import hearth.dmodule.filesystem.core.MissingBlock;
import hearth.dmodule.filesystem.directory.DirectoryEntry;
import hearth.dmodule.filesystem.format.BlockMapLayout;
import hearth.dmodule.filesystem.format.FsInfo;
import hearth.dmodule.filesystem.format.FsInfoLayout;
import hearth.dmodule.filesystem.format.InodeLayout;
import hearth.dmodule.filesystem.format.VolumeRecord;
import hearth.dmodule.filesystem.operation.StoredDirectory;
import hearth.memory.journal.JournalLayout;
import hearth.memory.label.DiskGeometry;

/// `./hearth dump WHAT DISK…`.
@Command(
        name = "dump",
        description = {"Shows what stands on disks, decoded; `docs/formats/` describes it. Nothing is written.", ""},
        synopsisSubcommandLabel = "WHAT",
        subcommands = {
            DumpVerb.Labels.class,
            DumpVerb.Roots.class,
            DumpVerb.Volumes.class,
            DumpVerb.OneInode.class,
            DumpVerb.OneDirectory.class,
            DumpVerb.Map.class,
            DumpVerb.Journals.class
        })
final class DumpVerb {
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "show this help")
    private boolean help;

    /// One of the things to dump.
    abstract static class Dump extends DisksVerb {
        abstract void describe(List<DiskFile> open, ObjectNode out) throws IOException, UnusableDisksException;

        @Override
        final int look(List<DiskFile> open) throws IOException, UnusableDisksException {
            var out = newObject();
            describe(open, out);
            if (isJson()) {
                printJson(out, System.out);
            } else {
                System.out.print(Described.text(out));
            }
            return 0;
        }
    }

    /// Of each file by itself.
    abstract static class OfEachDisk extends Dump {
        @Parameters(arity = "1..*", paramLabel = "DISK", description = "file or block device")
        private List<Path> disks = List.of();

        @Override
        final List<Path> files() {
            return disks;
        }

        abstract void describe(DiskFile disk, ObjectNode out) throws IOException, UnusableDisksException;

        @Override
        final void describe(List<DiskFile> open, ObjectNode out) throws IOException, UnusableDisksException {
            for (DiskFile disk : open) {
                describe(disk, out.putObject(disk.toString()));
            }
        }
    }

    @Command(name = "label", description = {"Front and back label of each disk.", ""})
    static final class Labels extends OfEachDisk {
        @Override
        void describe(DiskFile disk, ObjectNode out) throws IOException {
            Described.label(disk.block(DiskGeometry.FRONT_LABEL_DBN), out.putObject("front"));
            Described.label(disk.block(DiskGeometry.backLabelDbn(disk.sizeBlocks())), out.putObject("back"));
        }
    }

    @Command(name = "fsinfo", description = {"Both roots of the file system on each disk.", ""})
    static final class Roots extends OfEachDisk {
        @Override
        void describe(DiskFile disk, ObjectNode out) throws IOException {
            for (long dbn : new long[] {FsInfoLayout.DBN_EVEN, FsInfoLayout.DBN_ODD}) {
                Described.root(disk.block(dbn), out.putObject("block " + dbn));
            }
        }
    }

    @Command(name = "journal", description = {"Both headers of each journal file.", ""})
    static final class Journals extends OfEachDisk {
        @Override
        void describe(DiskFile file, ObjectNode out) throws IOException {
            for (int offset : new int[] {JournalLayout.HEADER_0_OFFSET, JournalLayout.HEADER_1_OFFSET}) {
                Described.journalHeader(
                        file.block(offset / Units.BLOCK_SIZE), out.putObject("offset " + offset));
            }
        }
    }

    /// Of the aggregate that the disks are together, by its newest root.
    abstract static class OfAggregate extends Dump {
        @Parameters(index = "0..*", arity = "1..*", paramLabel = "DISK", description = "all disks of an aggregate")
        private List<Path> disks = List.of();

        @Override
        List<Path> files() {
            return disks;
        }

        abstract void describe(Group group, StoredRoot<IOException> root, ObjectNode out)
                throws IOException, UnusableDisksException;

        @Override
        final void describe(List<DiskFile> open, ObjectNode out) throws IOException, UnusableDisksException {
            Group group = Group.assemble(open);
            StoredRoot<IOException> root = newest(group);
            out.put("generation", root.info().generation());
            describe(group, root, out);
        }
    }

    private static StoredRoot<IOException> newest(Group group) throws UnusableDisksException {
        DiskRoots roots = DiskRoots.of(group);
        FsInfo info = roots.newest().orElseThrow(() -> new UnusableDisksException(
                group.state().formatted() ? "no valid root of the file system: " + roots.problems()
                        : "no file system on these disks yet"));
        return new StoredRoot<>(info, new MetadataBlocks(group, new WrongCopies(), new Progress(System.err, 0)));
    }

    @Command(name = "volumes", description = {"The volume table.", ""})
    static final class Volumes extends OfAggregate {
        @Override
        void describe(Group group, StoredRoot<IOException> root, ObjectNode out) throws IOException {
            ArrayNode volumes = out.putArray("volumes");
            for (VolumeRecord volume : volumes(root)) {
                Described.volume(volume, volumes.addObject());
            }
        }
    }

    private static List<VolumeRecord> volumes(StoredRoot<IOException> root) throws IOException {
        var volumes = new ArrayList<VolumeRecord>();
        for (int slot = 0; slot < root.info().volumeSlots(); slot++) {
            root.volume(slot).ifPresent(volumes::add);
        }
        return volumes;
    }

    /// Of one file of a volume.
    abstract static class OfFile extends Dump {
        @Parameters(index = "0", paramLabel = "FILE", description = "path below the volume's root, or inode number")
        private String file = "";

        @Parameters(index = "1..*", arity = "1..*", paramLabel = "DISK", description = "all disks of an aggregate")
        private List<Path> disks = List.of();

        @Option(names = "--volume", paramLabel = "NAME", description = "needed when there are several")
        private String volume = "";

        @Override
        List<Path> files() {
            return disks;
        }

        abstract void describe(Group group, StoredRoot<IOException> root, Inode inode, ObjectNode out)
                throws IOException, UnusableDisksException;

        @Override
        final void describe(List<DiskFile> open, ObjectNode out) throws IOException, UnusableDisksException {
            Group group = Group.assemble(open);
            StoredRoot<IOException> root = newest(group);
            describe(group, root, find(root, volume(root)), out);
        }

        private VolumeRecord volume(StoredRoot<IOException> root) throws IOException, UnusableDisksException {
            List<VolumeRecord> all = volumes(root);
            List<String> names = all.stream().map(one -> one.config().name()).toList();
            Optional<VolumeRecord> found = all.stream()
                    .filter(one -> volume.isEmpty() ? all.size() == 1 : one.config().name().equals(volume))
                    .findFirst();
            return found.orElseThrow(() -> new UnusableDisksException(
                    volume.isEmpty() ? "name one with --volume: " + names : "no volume " + volume + "; there are "
                            + names));
        }

        private Inode find(StoredRoot<IOException> root, VolumeRecord in) throws IOException, UnusableDisksException {
            if (file.matches("\\d{1,18}")) {
                return inode(root, in, Long.parseLong(file));
            }
            Inode at = inode(root, in, InodeLayout.ROOT_INODE);
            for (String name : file.split("/", -1)) {
                if (!name.isEmpty()) {
                    at = inode(root, in, entry(root, at, name).inode());
                }
            }
            return at;
        }

        private DirectoryEntry entry(StoredRoot<IOException> root, Inode directory, String name)
                throws UnusableDisksException {
            if (!directory.isDirectory()) {
                throw new UnusableDisksException(file + ": inode " + directory.number + " is no directory");
            }
            try {
                return StoredDirectory.open(directory, root.source())
                        .lookup(Name.of(name))
                        .orElseThrow(() -> new UnusableDisksException(file + ": there is no " + name));
            } catch (MissingBlock e) {
                throw new IllegalStateException(e);
            }
        }

        private Inode inode(StoredRoot<IOException> root, VolumeRecord in, long number)
                throws IOException, UnusableDisksException {
            return root.inode(in, number).orElseThrow(() -> new UnusableDisksException(
                    "volume " + in.config().name() + ": no inode " + number + " in use"));
        }
    }

    @Command(name = "inode", description = {"A file's attributes, and where its blocks are.", ""})
    static final class OneInode extends OfFile {
        @Override
        void describe(Group group, StoredRoot<IOException> root, Inode inode, ObjectNode out) throws IOException {
            Described.inode(inode, out);
            Described.blocks(inode.tree(), group, root.source(), out);
        }
    }

    @Command(name = "directory", description = {"A directory's names in the order of their cookies.", ""})
    static final class OneDirectory extends OfFile {
        @Override
        void describe(Group group, StoredRoot<IOException> root, Inode inode, ObjectNode out)
                throws UnusableDisksException {
            if (!inode.isDirectory()) {
                throw new UnusableDisksException("inode " + inode.number + " is no directory");
            }
            ArrayNode entries = out.putArray("entries");
            try {
                StoredDirectory.open(inode, root.source()).scan(DirectoryEntry.COOKIE_DOT_DOT, entry -> {
                    Described.entry(entry, entries.addObject());
                    return true;
                });
            } catch (MissingBlock e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Command(name = "map", description = {"The block map: runs of blocks of one state.", ""})
    static final class Map extends OfAggregate {
        private static final List<String> STATES = states();

        private static List<String> states() {
            var names = new String[4];
            names[BlockMapLayout.FREE] = "free";
            names[BlockMapLayout.USED] = "used";
            names[BlockMapLayout.FREED_EVEN] = "freed-even";
            names[BlockMapLayout.FREED_ODD] = "freed-odd";
            return List.of(names);
        }

        @Override
        void describe(Group group, StoredRoot<IOException> root, ObjectNode out) throws IOException {
            ArrayNode runs = out.putArray("runs");
            byte[] block = {};
            long first = 0;
            int before = -1;
            for (long vbn = 0; vbn <= root.info().totalBlocks(); vbn++) {
                int at = (int) (vbn % BlockMapLayout.PER_BLOCK);
                boolean end = vbn == root.info().totalBlocks();
                if (at == 0 && !end) {
                    block = root.block(root.blockMap(), vbn / BlockMapLayout.PER_BLOCK);
                }
                int state = end ? -1 : MapWords.state(block, at);
                if (state != before && before >= 0) {
                    runs.addObject().put("vbn", first).put("blocks", vbn - first).put("state", STATES.get(before));
                    first = vbn;
                }
                before = state;
            }
        }
    }
}
