package hearth.tools;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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

    private final List<DiskFile> disks;
    private final boolean readData;
    private final PrintStream progressTo;

    Verification(List<DiskFile> disks, boolean readData, PrintStream progressTo) {
        this.disks = List.copyOf(disks);
        this.readData = readData;
        this.progressTo = progressTo;
    }

    /// What was counted on the way.
    record Counts(int volumes, long inodes, long directories, long blocks, long readBytes, double seconds) {
        static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);
    }

    /// What was found.
    ///
    /// @param root what was checked; empty when there is none
    /// @param problems the first of them, as text
    /// @param problemCount all of them
    /// @param overtaken a controller wrote meanwhile, so that problems below the root may be its doing
    /// @param lasting how many problems are not below the root: those are not a controller's doing
    record Outcome(
            Group group, Optional<FsInfo> root, Counts counts, List<String> notes, List<String> problems,
            long problemCount, boolean overtaken, long lasting) {}

    /// Labels and roots at one moment.
    private record Look(Group group, DiskRoots roots) {
        static Look at(List<DiskFile> disks) throws UnusableDisksException {
            Group group = Group.assemble(disks);
            return new Look(group, DiskRoots.of(group));
        }

        List<String> problems() {
            var all = new ArrayList<>(group.problems());
            all.addAll(roots.problems());
            if (roots.newest().isEmpty() && group.state().formatted()) {
                all.add("no disk has a valid root of the file system");
            }
            return all;
        }
    }

    Outcome run() throws IOException, UnusableDisksException {
        for (int i = 1; ; i++) {
            Look before = Look.at(disks);
            var wrong = new WrongCopies();
            var below = new ArrayList<String>();
            Counts counts = Counts.NONE;
            long belowCount = 0;
            if (before.roots().newest().isPresent()) {
                var progress = progress(before);
                Optional<Findings> findings = check(before, wrong, progress, below);
                belowCount = wrong.count() + findings.map(Findings::problemCount).orElse(1L);
                counts = findings.map(found -> new Counts(found.volumes(), found.inodes(), found.directories(),
                        found.blocks(), progress.readBytes(), progress.seconds())).orElse(Counts.NONE);
            }
            Look after = Look.at(disks);
            List<String> lasting = both(before.problems(), after.problems());
            boolean overtaken = belowCount > 0
                    && after.roots().generation() - before.roots().generation() > ROOTS_APART_MAX;
            if (!overtaken || i == TRIES) {
                return outcome(before, counts, lasting, below, belowCount, overtaken);
            }
            progressTo.println("hearth: a controller has written generation " + after.roots().generation() + " while "
                    + before.roots().generation() + " was checked; once more");
        }
    }

    private static Outcome outcome(Look look, Counts counts, List<String> lasting, List<String> below, long belowCount,
            boolean overtaken) {
        var notes = new ArrayList<>(look.group().notes());
        notes.addAll(look.roots().notes());
        var problems = new ArrayList<>(lasting);
        problems.addAll(below);
        return new Outcome(look.group(), look.roots().newest(), counts, notes, problems, lasting.size() + belowCount,
                overtaken, lasting.size());
    }

    /// What a controller was just writing at one of the two moments is no problem.
    private static List<String> both(List<String> before, List<String> after) {
        Set<String> again = new HashSet<>(after);
        return before.stream().filter(again::contains).toList();
    }

    private Progress progress(Look look) {
        long blocks = readData ? look.roots().newest().orElseThrow().usedBlocks() : 0;
        return new Progress(progressTo, blocks * look.group().members().size() * Units.BLOCK_SIZE);
    }

    /// Checks all below the root; empty when the root itself makes no sense.
    private Optional<Findings> check(Look look, WrongCopies wrong, Progress progress, List<String> problems)
            throws IOException {
        Group group = look.group();
        FsInfo root = look.roots().newest().orElseThrow();
        if (root.totalBlocks() > group.state().dataBlocks()) {
            problems.add("the root knows " + root.totalBlocks() + " blocks, the disks have "
                    + group.state().dataBlocks());
            return Optional.empty();
        }
        var names = new NameCheck();
        try (var data = new DataBlocks(group, wrong, progress)) {
            Findings findings = new Checker(root, new MetadataBlocks(group, wrong, progress),
                    readData ? data : Checker.DataCheck.NONE, names).run();
            data.readAll();
            names.finish(InodeLayout.ROOT_INODE, findings);
            problems.addAll(wrong.problems());
            problems.addAll(findings.problems());
            return Optional.of(findings);
        }
    }
}
