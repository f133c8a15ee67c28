package hearth.dmodule.filesystem.operation;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import hearth.base.Units;
import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfStatus;
import hearth.cf.SetAttributes;
import hearth.cf.SetAttributes.SetTime;
import hearth.dmodule.filesystem.core.MissingBlock;
import hearth.dmodule.filesystem.core.SpaceAccounting;

/// Plans SETATTR: mode, owner, times, and cutting or growing a file.
final class ChangePlanner {
    private static final int BLOCK = Units.BLOCK_SIZE;

    private final FileBytes files;
    private final Scratch scratch;

    ChangePlanner(FileBytes files, Scratch scratch) {
        this.files = files;
        this.scratch = scratch;
    }

    /// A new size, as steps before the inode's own: a kept part of a block is rewritten with zeros behind it.
    record Resize(List<EffectStep> steps, List<MemorySegment> payload, long costBlocks, SpaceAccounting.Use use) {
        static final Resize NONE = new Resize(List.of(), List.of(), 0, SpaceAccounting.Use.SHRINK);
    }

    Plan plan(View view, CfRequest.Change request) throws Refusal, MissingBlock {
        var node = view.node(request.file());
        if (request.guardChangeTimeNs().isPresent()) {
            boolean same = request.guardChangeTimeNs().getAsLong() == node.fields().changeTimeNs();
            Refusal.unless(same, CfStatus.NOT_SYNCHRONIZED);
        }
        var fields = changed(view, node.fields(), request.change());
        var resize = request.change().sizeBytes().isPresent()
                ? resize(view, node, request.change().sizeBytes().getAsLong())
                : Resize.NONE;
        return plan(view, node, fields, resize, new CfReply.Changed(view.changed(node, fields)));
    }

    /// The plan of an existing file that only gets another size (CREATE on an existing name).
    Plan planSize(View view, View.Node node, InodeFields fields, long size, CfReply reply)
            throws Refusal, MissingBlock {
        return plan(view, node, fields, resize(view, node, size), reply);
    }

    private static Plan plan(View view, View.Node node, InodeFields fields, Resize resize, CfReply reply) {
        var steps = new ArrayList<>(resize.steps());
        steps.add(new EffectStep.SetInode(node.ino(), fields));
        long cost = resize.costBlocks() + view.state().space().inodeCost(node.volume(), node.ino());
        return new Plan(new Effect(node.volume().id(), steps), reply, resize.payload(), cost, resize.use());
    }

    /// The attributes after the change; refuses what the caller may not.
    InodeFields changed(View view, InodeFields old, SetAttributes change) throws Refusal {
        var caller = view.caller();
        boolean owner = Permissions.isOwner(caller, old);
        var fields = old;
        if (change.uid().isPresent() || change.gid().isPresent()) {
            fields = owner(view, old, change.uid().orElse(old.uid()), change.gid().orElse(old.gid()));
        }
        boolean ownerChanged = fields.uid() != old.uid() || fields.gid() != old.gid();
        int mode = fields.mode();
        if (change.mode().isPresent()) {
            Refusal.unless(owner, CfStatus.NOT_PERMITTED);
            mode = Permissions.modeFor(caller, change.mode().getAsInt(), fields.gid());
        }
        fields = fields.withMode(ownerChanged ? Permissions.modeAfterOwnerChange(old, mode) : mode);
        long timeNs = old.nextChangeNs(view.nowNs());
        if (change.sizeBytes().isPresent()) {
            fields = sized(view, fields, old, change.sizeBytes().getAsLong(), timeNs);
        } else {
            fields = fields.changed(timeNs);
        }
        requireTime(view, old, change.accessTime());
        requireTime(view, old, change.modifyTime());
        return fields.withTimes(
                time(change.accessTime(), timeNs, fields.accessTimeNs()),
                time(change.modifyTime(), timeNs, fields.modifyTimeNs()));
    }

    private static InodeFields owner(View view, InodeFields old, int uid, int gid) throws Refusal {
        var caller = view.caller();
        if (!caller.isRoot()) {
            // Only root gives files away; an owner may choose among his groups.
            Refusal.unless(uid == old.uid() && caller.uid() == old.uid(), CfStatus.NOT_PERMITTED);
            Refusal.unless(gid == old.gid() || Permissions.inGroup(caller, gid), CfStatus.NOT_PERMITTED);
        }
        return old.withOwner(uid, gid);
    }

    /// `fields` with a new size; `old` are the rights that count.
    static InodeFields sized(View view, InodeFields fields, InodeFields old, long size, long timeNs) throws Refusal {
        Refusal.unless(!old.isDirectory(), CfStatus.IS_A_DIRECTORY);
        Refusal.unless(old.isRegular() && size >= 0, CfStatus.INVALID);
        Refusal.unless(size <= WritePlanner.SIZE_MAX, CfStatus.TOO_BIG);
        Refusal.unless(Permissions.mayWrite(view.caller(), old), CfStatus.ACCESS_DENIED);
        boolean modeGiven = fields.mode() != old.mode();
        var moded = modeGiven ? fields : fields.withMode(Permissions.modeAfterWrite(view.caller(), old));
        return moded.modified(timeNs, size);
    }

    private static void requireTime(View view, InodeFields old, Optional<SetTime> change) throws Refusal {
        if (change.isEmpty() || Permissions.isOwner(view.caller(), old)) {
            return;
        }
        // Whoever may write may say "now"; any other time is the owner's to say.
        Refusal.unless(change.get() instanceof SetTime.ServerTime, CfStatus.NOT_PERMITTED);
        Refusal.unless(Permissions.allowed(view.caller(), old, Permissions.WRITE), CfStatus.ACCESS_DENIED);
    }

    static long time(Optional<SetTime> change, long nowNs, long otherwiseNs) {
        if (change.isEmpty()) {
            return otherwiseNs;
        }
        return change.get() instanceof SetTime.ClientTime time ? time.timeNs() : nowNs;
    }

    private Resize resize(View view, View.Node node, long size) throws MissingBlock {
        long oldSize = node.fields().sizeBytes();
        if (size >= oldSize) {
            var use = size > oldSize ? SpaceAccounting.Use.GROW : SpaceAccounting.Use.SHRINK;
            return new Resize(List.of(), List.of(), 0, use);
        }
        var space = view.state().space();
        long cost = space.truncateCost(node.inode());
        long blocks = (size + BLOCK - 1) / BLOCK;
        int kept = (int) (size % BLOCK);
        var cut = new EffectStep.Cut(node.ino(), blocks);
        boolean partial = kept != 0
                && files.copy(view.state(), node.inode(), blocks - 1, 0, kept, scratch.bytes(), 0);
        if (!partial) {
            return new Resize(List.of(cut), List.of(), cost, SpaceAccounting.Use.SHRINK);
        }
        scratch.zero(kept, BLOCK);
        var data = new EffectStep.Data(node.ino(), blocks - 1, 0, new int[] {scratch.crc(0)});
        cost += space.writeCost(node.inode(), blocks - 1, 1);
        return new Resize(List.of(cut, data), List.of(scratch.block(0)), cost, SpaceAccounting.Use.SHRINK);
    }
}
