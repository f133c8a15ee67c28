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

import hearth.dmodule.raid.RaidMember;

/// `./hearth verify DISK…`.
@Command(
        name = "verify",
        description = {
            "Checks an aggregate on its disks, without writing: every pointer and checksum on every disk in sync, every"
                    + " directory and link count, the block map and all counts.",
            "",
            "Name all disks of one aggregate (`./hearth disk list` shows their files). A controller may run: its last"
                    + " consistency point is checked.",
            "",
            "Exit codes: 0 nothing wrong, 1 something is, 2 the disks cannot be checked.",
            ""
        })
final class VerifyVerb extends DisksVerb {
    private static final double MEGABYTE = 1e6;

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
        Group group = Group.assemble(open);
        Optional<Verification.Outcome> found = new Verification(group, !noData, System.err).run();
        print(group, open, found);
        return found.isPresent() && found.get().problemCount() > 0 ? 1 : 0;
    }

    private void print(Group group, List<DiskFile> open, Optional<Verification.Outcome> found) throws IOException {
        if (isJson()) {
            var out = newObject();
            describe(out, group, open);
            found.ifPresent(outcome -> describe(out, outcome));
            printJson(out, System.out);
            return;
        }
        if (found.isEmpty()) {
            System.out.println("no file system on these disks yet");
            return;
        }
        Verification.Outcome outcome = found.get();
        outcome.notes().forEach(note -> System.out.println("note: " + note));
        outcome.problems().forEach(System.out::println);
        if (outcome.problemCount() > outcome.problems().size()) {
            System.out.println("and " + (outcome.problemCount() - outcome.problems().size()) + " more");
        }
        System.out.printf(Locale.ROOT,
                "%s: aggregate %x generation %d on %d of %d disks: %d volumes, %,d inodes, %,d directories, %,d blocks;"
                        + " %,.0f MB read in %.1f s (%,.0f MB/s)%n",
                outcome.problemCount() == 0 ? "nothing wrong" : outcome.problemCount() + " problems",
                outcome.root().aggregateId(), outcome.root().generation(), group.members().size(),
                group.state().members().size(), outcome.volumes(), outcome.inodes(), outcome.directories(),
                outcome.blocks(), outcome.readBytes() / MEGABYTE, outcome.seconds(),
                outcome.readBytes() / MEGABYTE / outcome.seconds());
    }

    private static void describe(ObjectNode out, Group group, List<DiskFile> open) {
        out.put("aggregate", Long.toHexString(group.state().aggregateId()));
        out.put("labelGeneration", group.state().generation().number());
        var members = out.putArray("disks");
        for (RaidMember member : group.state().members()) {
            var one = members.addObject();
            one.put("id", member.id().toString());
            one.put("state", member.state().name().toLowerCase(Locale.ROOT).replace('_', '-'));
            if (member.slot() >= 0) {
                one.put("file", open.get(member.slot()).toString());
            }
        }
    }

    private static void describe(ObjectNode out, Verification.Outcome outcome) {
        out.put("generation", outcome.root().generation());
        out.put("volumes", outcome.volumes());
        out.put("inodes", outcome.inodes());
        out.put("directories", outcome.directories());
        out.put("blocks", outcome.blocks());
        out.put("readBytes", outcome.readBytes());
        out.put("seconds", outcome.seconds());
        outcome.notes().forEach(out.putArray("notes")::add);
        outcome.problems().forEach(out.putArray("problems")::add);
        out.put("problemCount", outcome.problemCount());
    }
}
