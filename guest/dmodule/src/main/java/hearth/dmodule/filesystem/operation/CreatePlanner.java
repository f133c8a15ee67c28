package hearth.dmodule.filesystem.operation;

import java.util.ArrayList;

import hearth.base.Units;
import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfStatus;
import hearth.cf.FileHandle;
import hearth.cf.FileType;
import hearth.cf.Name;
import hearth.cf.SetAttributes;
import hearth.dmodule.filesystem.core.MissingBlock;
import hearth.dmodule.filesystem.directory.DirectoryEntry;
import hearth.dmodule.filesystem.directory.InsertPlan;
import hearth.dmodule.filesystem.format.InodeLayout;

/// Plans what brings new inodes: CREATE, MKDIR, SYMLINK, MKNOD.
final class CreatePlanner {
    /// Names of one inode; also the bound on a directory's subdirectories.
    static final int LINKS_MAX = 1 << 30;

    private static final int SYMBOLIC_LINK_MODE = 0_777;

    private final ChangePlanner changes;

    CreatePlanner(ChangePlanner changes) {
        this.changes = changes;
    }

    /// What is to be made.
    ///
    /// @param parentOrDevice `InodeFields.parentOrDevice` of the new inode (a directory's parent is put in later)
    /// @param target a symbolic link's text, else empty
    private record Wanted(FileType type, SetAttributes attributes, long parentOrDevice, byte[] target) {}

    private static final byte[] NO_TARGET = {};

    Plan create(View view, CfRequest.Create request) throws Refusal, MissingBlock {
        var directory = searched(view, request.directory(), request.name());
        boolean exclusive = request.how() == CfRequest.Create.How.EXCLUSIVE;
        var plan = view.names(directory).planInsert(request.name());
        if (plan instanceof InsertPlan.Taken(DirectoryEntry entry)) {
            return existing(view, directory, entry, request);
        }
        var attributes = exclusive ? SetAttributes.NOTHING : request.attributes();
        long word = exclusive ? verifierWord(request.verifier()) : 0;
        var wanted = new Wanted(FileType.REGULAR, attributes, word, NO_TARGET);
        return fresh(view, directory, request.name(), free(plan), wanted);
    }

    /// Zero means that a file was not created exclusively.
    private static long verifierWord(long verifier) {
        return verifier == 0 ? 1 : verifier;
    }

    private Plan existing(View view, View.Node directory, DirectoryEntry entry, CfRequest.Create request)
            throws Refusal, MissingBlock {
        Refusal.unless(request.how() != CfRequest.Create.How.GUARDED, CfStatus.EXISTS);
        var node = view.node(directory.volume(), entry.inode());
        Refusal.unless(node.fields().isRegular(), CfStatus.EXISTS);
        var size = request.attributes().sizeBytes();
        if (request.how() == CfRequest.Create.How.EXCLUSIVE) {
            boolean mine = node.fields().parentOrDevice() == verifierWord(request.verifier());
            Refusal.unless(mine, CfStatus.EXISTS);
        } else if (size.isPresent()) {
            // Of an existing file only the size is set: open(2) with O_TRUNC.
            var old = node.fields();
            long timeNs = old.nextChangeNs(view.nowNs());
            var fields = ChangePlanner.sized(view, old, old, size.getAsLong(), timeNs);
            var reply = new CfReply.Created(
                    view.handle(node), view.attributes(node, fields), view.unchanged(directory));
            return changes.planSize(view, node, fields, size.getAsLong(), reply);
        }
        var reply = new CfReply.Created(view.handle(node), view.attributes(node), view.unchanged(directory));
        return Plan.shrink(Effect.none(directory.volume().id()), reply, 0);
    }

    Plan makeDirectory(View view, CfRequest.MakeDirectory request) throws Refusal, MissingBlock {
        var wanted = new Wanted(FileType.DIRECTORY, request.attributes(), 0, NO_TARGET);
        return guarded(view, request.directory(), request.name(), wanted);
    }

    Plan symbolicLink(View view, CfRequest.SymbolicLink request) throws Refusal, MissingBlock {
        Refusal.unless(request.target().length > 0, CfStatus.INVALID);
        Refusal.unless(request.target().length <= EffectLayout.TARGET_BYTES_MAX, CfStatus.NAME_TOO_LONG);
        var wanted = new Wanted(FileType.SYMBOLIC_LINK, request.attributes(), 0, request.target());
        return guarded(view, request.directory(), request.name(), wanted);
    }

    Plan makeNode(View view, CfRequest.MakeNode request) throws Refusal, MissingBlock {
        boolean device = request.type() == FileType.BLOCK_DEVICE || request.type() == FileType.CHARACTER_DEVICE;
        boolean known = device || request.type() == FileType.FIFO || request.type() == FileType.SOCKET;
        Refusal.unless(known, CfStatus.BAD_TYPE);
        Refusal.unless(!device || view.caller().isRoot(), CfStatus.NOT_PERMITTED);
        long number = device ? (long) request.major() << Integer.SIZE | request.minor() & 0xFFFF_FFFFL : 0;
        var wanted = new Wanted(request.type(), request.attributes(), number, NO_TARGET);
        return guarded(view, request.directory(), request.name(), wanted);
    }

    private Plan guarded(View view, FileHandle handle, Name name, Wanted wanted) throws Refusal, MissingBlock {
        var directory = searched(view, handle, name);
        return fresh(view, directory, name, free(view.names(directory).planInsert(name)), wanted);
    }

    /// The place of a new name, if the name is new and there is one.
    static InsertPlan.Free free(InsertPlan plan) throws Refusal {
        if (plan instanceof InsertPlan.Free free) {
            return free;
        }
        throw new Refusal(plan instanceof InsertPlan.Taken ? CfStatus.EXISTS : CfStatus.NO_SPACE);
    }

    private static View.Node searched(View view, FileHandle handle, Name name) throws Refusal, MissingBlock {
        var directory = view.searched(handle);
        View.requireName(name);
        Refusal.unless(!name.isDot() && !name.isDotDot(), CfStatus.EXISTS);
        return directory;
    }

    private static Plan fresh(View view, View.Node directory, Name name, InsertPlan.Free free, Wanted wanted)
            throws Refusal, MissingBlock {
        view.require(directory, Permissions.WRITE);
        var state = view.state();
        var volume = directory.volume();
        boolean isDirectory = wanted.type() == FileType.DIRECTORY;
        var old = directory.fields();
        Refusal.unless(!isDirectory || old.linkCount() < LINKS_MAX, CfStatus.TOO_MANY_LINKS);
        long ino = state.pickFreeInode(volume);
        int generation = state.nextGeneration(volume, ino);
        var fields = newInode(view, directory, generation, wanted);
        var directoryFields = old.withLinks(old.linkCount() + (isDirectory ? 1 : 0))
                .modified(old.nextChangeNs(view.nowNs()), free.blocksAfter() * Units.BLOCK_SIZE);
        var steps = new ArrayList<EffectStep>();
        steps.add(new EffectStep.Take(ino, generation));
        steps.add(new EffectStep.SetInode(ino, fields));
        if (wanted.target().length > 0) {
            steps.add(new EffectStep.Target(ino, wanted.target()));
        }
        steps.add(new EffectStep.AddName(directory.ino(), name, free.cookie(), ino, wanted.type()));
        steps.add(new EffectStep.SetInode(directory.ino(), directoryFields));
        var space = state.space();
        long cost = space.inodeCost(volume, ino)
                + space.inodeCost(volume, directory.ino())
                + space.metaCost(directory.inode(), free.blocksAfter(), free.changedBlocks())
                + (wanted.target().length > InodeLayout.AREA_SIZE ? 1 : 0);
        var reply = new CfReply.Created(
                view.handle(volume, ino, generation),
                fields.attributes(view.fileSystemId(volume), ino, 0),
                view.changed(directory, directoryFields));
        return Plan.grow(new Effect(volume.id(), steps), reply, cost);
    }

    private static InodeFields newInode(View view, View.Node directory, int generation, Wanted wanted)
            throws Refusal {
        var caller = view.caller();
        var parent = directory.fields();
        var change = wanted.attributes();
        boolean isDirectory = wanted.type() == FileType.DIRECTORY;
        boolean inherits = (parent.mode() & Permissions.SET_GID) != 0;
        int uid = caller.uid();
        int gid = inherits ? parent.gid() : caller.gid();
        if (caller.isRoot()) {
            uid = change.uid().orElse(uid);
            gid = change.gid().orElse(gid);
        } else if (change.gid().isPresent() && Permissions.inGroup(caller, change.gid().getAsInt())) {
            gid = change.gid().getAsInt();
        }
        int mode = Permissions.modeFor(caller, change.mode().orElse(0), gid);
        mode |= isDirectory && inherits ? Permissions.SET_GID : 0;
        mode = wanted.type() == FileType.SYMBOLIC_LINK ? SYMBOLIC_LINK_MODE : mode;
        long size = wanted.target().length;
        if (wanted.type() == FileType.REGULAR) {
            size = change.sizeBytes().orElse(0);
            Refusal.unless(size >= 0, CfStatus.INVALID);
            Refusal.unless(size <= WritePlanner.SIZE_MAX, CfStatus.TOO_BIG);
        }
        long now = view.nowNs();
        return new InodeFields(
                wanted.type(),
                mode,
                isDirectory ? 2 : 1,
                uid,
                gid,
                generation,
                size,
                ChangePlanner.time(change.accessTime(), now, now),
                ChangePlanner.time(change.modifyTime(), now, now),
                now,
                now,
                1,
                isDirectory ? directory.ino() : wanted.parentOrDevice());
    }
}
