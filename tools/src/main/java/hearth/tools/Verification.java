package hearth.tools;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import hearth.base.Units;
import hearth.dmodule.filesystem.check.Checker;
import hearth.dmodule.filesystem.check.Findings;
import hearth.dmodule.filesystem.format.FsInfo;
import hearth.dmodule.filesystem.format.InodeLayout;
import hearth.dmodule.filesystem.operation.NameCheck;

/// One check of an aggregate's newest root on disk.
final class Verification {
    /// A root's blocks are used again by the third root after it at the earliest, and that one is written when the
    /// second stands.
    private static final int ROOTS_APART_MAX = 1;
    private static final int TRIES = 3;

    private final Group group;
    private final boolean readData;
    private final PrintStream progressTo;

    Verification(Group group, boolean readData, PrintStream progressTo) {
        this.group = group;
        this.readData = readData;
        this.progressTo = progressTo;
    }

    /// What was found.
    ///
    /// @param problems the first of them, as text
    /// @param problemCount all of them
    record Outcome(
            FsInfo root, int volumes, long inodes, long directories, long blocks, long readBytes, double seconds,
            List<String> notes, List<String> problems, long problemCount) {}

    /// Empty when there is no file system on the disks yet.
    ///
    /// @throws UnusableDisksException somebody writes to the disks faster than they can be checked
    Optional<Outcome> run() throws IOException, UnusableDisksException {
        for (int i = 0; i < TRIES; i++) {
            var notes = new ArrayList<>(group.notes());
            Optional<FsInfo> root = group.newestRoot(notes);
            if (root.isEmpty()) {
                if (group.state().formatted()) {
                    throw new UnusableDisksException("no disk has a valid root of the file system");
                }
                return Optional.empty();
            }
            Outcome outcome = check(root.get(), notes);
            long now = group.newestRoot(new ArrayList<>()).map(FsInfo::generation).orElse(0L);
            if (outcome.problemCount() == 0 || now - root.get().generation() <= ROOTS_APART_MAX) {
                return Optional.of(outcome);
            }
            progressTo.println("hearth: a controller has written generation " + now + " while generation "
                    + root.get().generation() + " was checked; once more");
        }
        throw new UnusableDisksException(
                "a controller writes to these disks faster than they can be checked; `./hearth down` first");
    }

    private Outcome check(FsInfo root, List<String> notes) throws IOException {
        var problems = new ArrayList<>(group.problems());
        if (root.totalBlocks() > group.state().dataBlocks()) {
            problems.add("the root knows " + root.totalBlocks() + " blocks, the disks have "
                    + group.state().dataBlocks());
            return new Outcome(root, 0, 0, 0, 0, 0, 0, notes, problems, problems.size());
        }
        var progress = new Progress(progressTo,
                readData ? root.usedBlocks() * group.members().size() * Units.BLOCK_SIZE : 0);
        var metadata = new MetadataBlocks(group, progress);
        var names = new NameCheck();
        try (var data = new DataBlocks(group, progress)) {
            Findings findings =
                    new Checker(root, metadata, readData ? data : Checker.DataCheck.NONE, names).run();
            data.readAll(findings);
            names.finish(InodeLayout.ROOT_INODE, findings);
            long count = problems.size() + (long) metadata.problems().size() + findings.problemCount();
            problems.addAll(metadata.problems());
            problems.addAll(findings.problems());
            return new Outcome(root, findings.volumes(), findings.inodes(), findings.directories(), findings.blocks(),
                    progress.readBytes(), progress.seconds(), notes, problems, count);
        }
    }
}
