package hearth.tools;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import hearth.dmodule.filesystem.core.Inode;
import hearth.dmodule.filesystem.directory.DirectoryEntry;
import hearth.dmodule.filesystem.format.BlockPointer;
import hearth.dmodule.filesystem.format.FsInfo;
import hearth.dmodule.filesystem.format.VolumeRecord;
import hearth.dmodule.filesystem.tree.BlockSource;
import hearth.dmodule.filesystem.tree.FileTree;
import hearth.dmodule.filesystem.tree.TreeReader;
import hearth.memory.journal.JournalHeader;
import hearth.memory.label.DiskLabel;
import hearth.memory.label.LabelCodec;
import hearth.memory.label.LabelRead;

/// Things on disk as trees of fields. Numbers that are random names are hexadecimal.
final class Described {
    private static final long NS = 1_000_000_000L;

    private Described() {}

    /// A tree as lines, two blanks deeper for each level.
    static String text(JsonNode what) {
        var out = new StringBuilder();
        text(what, "", out);
        return out.toString();
    }

    private static void text(JsonNode what, String indent, StringBuilder out) {
        what.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (value.isArray()) {
                out.append(indent).append(field.getKey()).append(":\n");
                value.forEach(one -> out.append(indent).append("  ").append(line(one)).append('\n'));
            } else if (value.isObject()) {
                out.append(indent).append(field.getKey()).append(":\n");
                text(value, indent + "  ", out);
            } else {
                out.append(indent).append(field.getKey()).append(": ").append(plain(value)).append('\n');
            }
        });
    }

    private static String line(JsonNode one) {
        return one.isObject()
                ? String.join("  ", one.properties().stream()
                        .map(field -> field.getKey() + " " + plain(field.getValue()))
                        .toList())
                : plain(one);
    }

    /// Names and targets are what clients sent: nothing in them moves the terminal's cursor.
    private static String plain(JsonNode value) {
        return value.asText().codePoints()
                .mapToObj(one -> Character.isISOControl(one)
                        ? String.format(Locale.ROOT, "\\x%02x", one)
                        : Character.toString(one))
                .collect(Collectors.joining());
    }

    static void label(byte[] block, ObjectNode out) {
        switch (LabelCodec.decode(block)) {
            case LabelRead.Valid(DiskLabel label) -> label(label, out);
            case LabelRead.Blank _ -> out.put("damage", "zeros");
            case LabelRead.TooNew(int version) -> out.put("damage", "of version " + version + ", too new");
            case LabelRead.TooOld(int version) -> out.put("damage", "of version " + version + ", too old");
            case LabelRead.Unknown _ -> out.put("damage", "something else");
            case LabelRead.Corrupt(String why) -> out.put("damage", why);
        }
    }

    private static void label(DiskLabel label, ObjectNode out) {
        out.put("disk", label.diskId().toString());
        out.put("aggregate", Long.toHexString(label.aggregateId()));
        out.put("raidGroup", label.raidGroup());
        out.put("raidType", name(label.raidType()));
        out.put("position", label.position());
        out.put("sizeBlocks", label.sizeBlocks());
        out.put("dataStart", label.dataStart());
        out.put("dataBlocks", label.dataBlocks());
        out.put("formatted", label.formatted());
        out.put("generation", label.generation().number());
        out.put("generationId", Long.toHexString(label.generation().id()));
        out.put("predecessorId", Long.toHexString(label.generation().predecessorId()));
        out.put("incarnation", label.incarnation());
        ArrayNode members = out.putArray("members");
        for (int i = 0; i < label.members().size(); i++) {
            members.addObject()
                    .put("disk", label.members().get(i).toString())
                    .put("state", name(label.states().get(i)));
        }
    }

    static void root(byte[] block, ObjectNode out) {
        switch (FsInfo.decode(block)) {
            case FsInfo.Decoded.Valid(FsInfo info) -> root(info, out);
            case FsInfo.Decoded.Corrupt(String why) -> out.put("damage", why);
            case FsInfo.Decoded.TooNew(int version) -> out.put("damage", "of version " + version + ", too new");
            case FsInfo.Decoded.TooOld(int version) -> out.put("damage", "of version " + version + ", too old");
        }
    }

    private static void root(FsInfo info, ObjectNode out) {
        out.put("aggregate", Long.toHexString(info.aggregateId()));
        out.put("generation", info.generation());
        out.put("labelGeneration", info.labelGeneration());
        out.put("lastLsn", info.lastLsn());
        out.put("written", time(info.wallTimeNs()));
        out.put("totalBlocks", info.totalBlocks());
        out.put("usedBlocks", info.usedBlocks());
        out.put("freeBlocks", info.freeBlocks());
        out.put("freedEvenBlocks", info.freedEvenBlocks());
        out.put("freedOddBlocks", info.freedOddBlocks());
        out.put("volumeSlots", info.volumeSlots());
        out.put("nextVolumeId", info.nextVolumeId());
        out.put("lastChange", Long.toHexString(info.lastChange()));
    }

    static void journalHeader(byte[] slot, ObjectNode out) {
        switch (JournalHeader.decode(slot)) {
            case JournalHeader.Decoded.Good(JournalHeader header) -> {
                out.put("domain", header.domain());
                out.put("journal", hex(header.id().high()) + hex(header.id().low()));
                out.put("generation", header.generation());
                out.put("aggregate", Long.toHexString(header.aggregateId()));
                out.put("sizeBytes", header.sizeBytes());
                out.put("tailOffset", header.tailOffset());
                out.put("tailSequence", header.tailSequence());
                out.put("trimmedLsn", header.summary().trimmedLsn());
                out.put("incarnationsReserved", header.summary().incarnationsReserved());
                out.put("regionInstance", Long.toHexString(header.summary().regionInstance()));
                out.put("rootGeneration", header.summary().root().generation());
                out.put("labelGeneration", header.summary().label().number());
            }
            case JournalHeader.Decoded.TooNew(int version) -> out.put("damage", "of version " + version + ", too new");
            case JournalHeader.Decoded.Corrupt(String why) -> out.put("damage", why);
        }
    }

    static void volume(VolumeRecord volume, ObjectNode out) {
        out.put("id", volume.id());
        out.put("name", volume.config().name());
        out.put("state", volume.deleting() ? "deleting" : "in-use");
        out.put("usedBlocks", volume.usedBlocks());
        out.put("limitBlocks", volume.config().limitBlocks());
        out.put("export", volume.config().exportPath());
        out.put("access", volume.config().readOnly() ? "ro" : "rw");
        out.put("clients", String.join(",", volume.config().clients()));
    }

    static void inode(Inode inode, ObjectNode out) {
        out.put("inode", inode.number);
        out.put("type", name(inode.type));
        out.put("mode", "0" + Integer.toOctalString(inode.mode));
        out.put("linkCount", inode.linkCount);
        out.put("uid", inode.uid);
        out.put("gid", inode.gid);
        out.put("sizeBytes", inode.sizeBytes);
        out.put("generation", inode.generation);
        out.put("changeCounter", inode.changeCounter);
        out.put("accessed", time(inode.accessTimeNs));
        out.put("modified", time(inode.modifyTimeNs));
        out.put("changed", time(inode.changeTimeNs));
        out.put("born", time(inode.birthTimeNs));
        out.put("parentOrDevice", inode.parentOrDevice);
        if (inode.inlineTarget.length > 0) {
            out.put("target", new String(inode.inlineTarget, StandardCharsets.UTF_8));
        }
        out.put("usedBlocks", inode.usedBlocks());
        out.put("height", inode.tree().height());
    }

    /// One run of blocks of a file.
    private static final class Run {
        int level;
        long index;
        long vbn;
        long blocks;
    }

    /// Where a tree's blocks are: neighbours in the file that are neighbours on disk together. Level 0 is data.
    static void blocks(FileTree tree, Group group, BlockSource<IOException> source, ObjectNode out)
            throws IOException {
        ArrayNode runs = out.putArray("blocks");
        var run = new Run();
        TreeReader.<IOException, IOException, IOException>walk(tree, source, (pointer, level, index) -> {
            boolean next = run.blocks > 0 && level == run.level && index == run.index + run.blocks
                    && pointer.vbn() == run.vbn + run.blocks;
            if (!next) {
                end(run, group, runs);
                begin(run, pointer, level, index);
            }
            run.blocks++;
            return true;
        });
        end(run, group, runs);
    }

    private static void begin(Run run, BlockPointer pointer, int level, long index) {
        run.level = level;
        run.index = index;
        run.vbn = pointer.vbn();
        run.blocks = 0;
    }

    private static void end(Run run, Group group, ArrayNode runs) {
        if (run.blocks > 0) {
            runs.addObject().put("level", run.level).put("index", run.index).put("blocks", run.blocks)
                    .put("vbn", run.vbn).put("dbn", group.dbn(run.vbn));
        }
    }

    static void entry(DirectoryEntry entry, ObjectNode out) {
        out.put("cookie", entry.cookie());
        out.put("inode", entry.inode());
        out.put("type", name(entry.type()));
        out.put("name", new String(entry.name().bytes(), StandardCharsets.UTF_8));
    }

    private static String time(long ns) {
        return Instant.ofEpochSecond(Math.floorDiv(ns, NS), Math.floorMod(ns, NS)).toString();
    }

    private static String hex(long word) {
        return HexFormat.of().toHexDigits(word);
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
