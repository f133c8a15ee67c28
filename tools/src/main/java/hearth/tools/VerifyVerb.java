package hearth.tools;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import hearth.dmodule.filesystem.format.FsInfo;
import hearth.dmodule.raid.RaidMember;

/// `./hearth verify DISK…`.
@Command(
        name = "verify",
        description = {
            "Checks an aggregate on its disks, without writing: every pointer and checksum on every disk in sync, every"
                    + " directory and link count, the block map and all counts.",
            "",
            "Name all disks of one aggregate (`./hearth disk list` shows their files). A controller may run: its last"
                    + " consistency point is checked, past the kernel's cache where the file system can do that.",
            "",
            "Exit codes: 0 nothing wrong, 1 something is, 2 the disks cannot be checked.",
            ""
        })
final class VerifyVerb extends DisksVerb {
    private static final double MEGABYTE = 1e6;
    private static final int WRONG = 1;
    private static final int UNCHECKED = 2;

    @Parameters(arity = "1..*", paramLabel = "DISK", description = "file or block device")
    private List<Path> disks = List.of();

    @Option(names = "--no-data", description = "leave out the data of files")
    private boolean noData;

    @Override
    List<Path> files() {
        return disks;
    }

    @Override
    int look(List<DiskFile> open) throws IOException, UnusableDisksException {
        Verification.Outcome found = new Verification(open, !noData, System.err).run();
        if (isJson()) {
            var out = newObject();
            describe(out, found, open);
            printJson(out, System.out);
        } else {
            print(found);
        }
        if (found.overtaken()) {
            System.err.println("hearth: a controller writes to these disks faster than they can be checked, and some of"
                    + " this may be its doing; `./hearth down` first");
        }
        boolean unchecked = found.overtaken() && found.lasting() == 0;
        return unchecked ? UNCHECKED : found.problemCount() > 0 ? WRONG : 0;
    }

    private static void print(Verification.Outcome found) {
        found.notes().forEach(note -> System.out.println("note: " + note));
        found.problems().forEach(System.out::println);
        if (found.problemCount() > found.problems().size()) {
            System.out.println("and " + (found.problemCount() - found.problems().size()) + " more");
        }
        Optional<FsInfo> root = found.root();
        String sum = found.problemCount() == 0 ? "nothing wrong" : found.problemCount() + " problems";
        if (root.isEmpty()) {
            System.out.println(sum + ": no file system on these disks" + (found.problemCount() == 0 ? " yet" : ""));
            return;
        }
        Verification.Counts counts = found.counts();
        System.out.printf(Locale.ROOT,
                "%s: aggregate %x generation %d on %d of %d disks: %d volumes, %,d inodes, %,d directories, %,d blocks;"
                        + " %,.0f MB read in %.1f s (%,.0f MB/s)%n",
                sum, root.get().aggregateId(), root.get().generation(), found.group().members().size(),
                found.group().state().members().size(), counts.volumes(), counts.inodes(), counts.directories(),
                counts.blocks(), counts.readBytes() / MEGABYTE, counts.seconds(),
                counts.readBytes() / MEGABYTE / Math.max(counts.seconds(), 1e-9));
    }

    private static void describe(ObjectNode out, Verification.Outcome found, List<DiskFile> open) {
        out.put("aggregate", Long.toHexString(found.group().state().aggregateId()));
        out.put("labelGeneration", found.group().state().generation().number());
        var members = out.putArray("disks");
        for (RaidMember member : found.group().state().members()) {
            var one = members.addObject();
            one.put("id", member.id().toString());
            one.put("state", member.state().name().toLowerCase(Locale.ROOT).replace('_', '-'));
            if (member.slot() >= 0) {
                one.put("file", open.get(member.slot()).toString());
            }
        }
        found.root().ifPresent(root -> out.put("generation", root.generation()));
        Verification.Counts counts = found.counts();
        out.put("volumes", counts.volumes());
        out.put("inodes", counts.inodes());
        out.put("directories", counts.directories());
        out.put("blocks", counts.blocks());
        out.put("readBytes", counts.readBytes());
        out.put("seconds", counts.seconds());
        found.notes().forEach(out.putArray("notes")::add);
        found.problems().forEach(out.putArray("problems")::add);
        out.put("problemCount", found.problemCount());
        out.put("overtaken", found.overtaken());
    }
}
