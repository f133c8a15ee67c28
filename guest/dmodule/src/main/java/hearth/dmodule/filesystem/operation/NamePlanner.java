package hearth.dmodule.filesystem.operation;

import java.util.List;

import hearth.base.Units;
import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfStatus;
import hearth.cf.Name;
import hearth.dmodule.filesystem.core.MissingBlock;
import hearth.dmodule.filesystem.directory.DirectoryEntry;
import hearth.dmodule.filesystem.directory.InsertPlan;

/// Plans what takes names away or gives further ones: REMOVE, RMDIR, LINK. (`RenamePlanner` does both.)
final class NamePlanner {
    private NamePlanner() {}

    static Plan remove(View view, CfRequest.Remove request) throws Refusal, MissingBlock {
        var directory = view.changeable(request.directory());
        requireOrdinary(request.name());
        var entry = find(view, directory, request.name());
        var node = view.node(directory.volume(), entry.inode());
        requireNotSticky(view, directory, node);
        Refusal.unless(!node.fields().isDirectory(), CfStatus.IS_A_DIRECTORY);
        var fields = modified(view, directory, 0);
        return plan(view, directory, fields, node, entry);
    }

    static Plan removeDirectory(View view, CfRequest.RemoveDirectory request) throws Refusal, MissingBlock {
        var directory = view.changeable(request.directory());
        Refusal.unless(!request.name().isDotDot(), CfStatus.NOT_EMPTY);
        requireOrdinary(request.name());
        var entry = find(view, directory, request.name());
        var node = view.node(directory.volume(), entry.inode());
        requireNotSticky(view, directory, node);
        Refusal.unless(node.fields().isDirectory(), CfStatus.NOT_A_DIRECTORY);
        Refusal.unless(view.names(node).isEmpty(), CfStatus.NOT_EMPTY);
        return plan(view, directory, modified(view, directory, -1), node, entry);
    }

    private static Plan plan(
            View view, View.Node directory, InodeFields fields, View.Node node, DirectoryEntry entry)
            throws MissingBlock {
        int changed = view.names(directory).planRemove(entry.cookie());
        var effect = new Effect(
                directory.volume().id(),
                List.of(
                        new EffectStep.RemoveName(directory.ino(), entry.name(), entry.cookie()),
                        new EffectStep.SetInode(directory.ino(), fields),
                        unlinked(view, node)));
        var space = view.state().space();
        long cost = space.metaCost(directory.inode(), blocks(directory), changed)
                + space.inodeCost(directory.volume(), directory.ino())
                + space.inodeCost(node.volume(), node.ino())
                + space.truncateCost(node.inode());
        return Plan.shrink(effect, new CfReply.Removed(view.changed(directory, fields)), cost);
    }

    static Plan link(View view, CfRequest.Link request) throws Refusal, MissingBlock {
        var file = view.node(request.file());
        var directory = view.changeable(request.directory());
        Refusal.unless(file.volume().id() == directory.volume().id(), CfStatus.CROSS_DEVICE);
        Refusal.unless(!file.fields().isDirectory(), CfStatus.IS_A_DIRECTORY);
        View.requireName(request.name());
        Refusal.unless(!request.name().isDot() && !request.name().isDotDot(), CfStatus.EXISTS);
        Refusal.unless(file.fields().linkCount() < CreatePlanner.LINKS_MAX, CfStatus.TOO_MANY_LINKS);
        var free = CreatePlanner.free(view.names(directory).planInsert(request.name()));
        return link(view, file, directory, request.name(), free);
    }

    private static Plan link(View view, View.Node file, View.Node directory, Name name, InsertPlan.Free free) {
        var old = file.fields();
        var fields = old.withLinks(old.linkCount() + 1).changed(old.nextChangeNs(view.nowNs()));
        var directoryFields = directory.fields()
                .modified(directory.fields().nextChangeNs(view.nowNs()), free.blocksAfter() * Units.BLOCK_SIZE);
        var effect = new Effect(
                directory.volume().id(),
                List.of(
                        new EffectStep.AddName(directory.ino(), name, free.cookie(), file.ino(), old.type()),
                        new EffectStep.SetInode(directory.ino(), directoryFields),
                        new EffectStep.SetInode(file.ino(), fields)));
        var space = view.state().space();
        long cost = space.metaCost(directory.inode(), free.blocksAfter(), free.changedBlocks())
                + space.inodeCost(directory.volume(), directory.ino())
                + space.inodeCost(file.volume(), file.ino());
        var reply = new CfReply.Linked(view.attributes(file, fields), view.changed(directory, directoryFields));
        return Plan.grow(effect, reply, cost);
    }

    /// What becomes of an object that loses a name: freed with the last one (of a directory, the only one).
    static EffectStep unlinked(View view, View.Node node) {
        var old = node.fields();
        if (old.isDirectory() || old.linkCount() <= 1) {
            return new EffectStep.Free(node.ino());
        }
        var fields = old.withLinks(old.linkCount() - 1).changed(old.nextChangeNs(view.nowNs()));
        return new EffectStep.SetInode(node.ino(), fields);
    }

    /// A directory after a name changed in it without need of another block.
    static InodeFields modified(View view, View.Node directory, int links) {
        var old = directory.fields();
        return old.withLinks(old.linkCount() + links).modified(old.nextChangeNs(view.nowNs()), old.sizeBytes());
    }

    static long blocks(View.Node directory) {
        return directory.fields().sizeBytes() / Units.BLOCK_SIZE;
    }

    static DirectoryEntry find(View view, View.Node directory, Name name) throws Refusal, MissingBlock {
        var entry = view.names(directory).lookup(name);
        Refusal.unless(entry.isPresent(), CfStatus.NOT_FOUND);
        return entry.get();
    }

    /// A stored name: not `.` and `..`.
    static void requireOrdinary(Name name) throws Refusal {
        View.requireName(name);
        Refusal.unless(!name.isDot() && !name.isDotDot(), CfStatus.INVALID);
    }

    static void requireNotSticky(View view, View.Node directory, View.Node node) throws Refusal {
        boolean forbidden = Permissions.stickyForbids(view.caller(), directory.fields(), node.fields());
        Refusal.unless(!forbidden, CfStatus.NOT_PERMITTED);
    }
}
