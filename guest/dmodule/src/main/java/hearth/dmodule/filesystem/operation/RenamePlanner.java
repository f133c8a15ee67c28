package hearth.dmodule.filesystem.operation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import hearth.base.Units;
import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfStatus;
import hearth.cf.Name;
import hearth.dmodule.filesystem.core.MissingBlock;
import hearth.dmodule.filesystem.core.SpaceAccounting;
import hearth.dmodule.filesystem.directory.DirectoryEntry;
import hearth.dmodule.filesystem.directory.InsertPlan;

/// Plans one RENAME, over an existing target or not, as one atomic effect. Used for one planning.
final class RenamePlanner {
    // Taking the old name away can empty a leaf that the new name's insertion has just split.
    private static final int MARGIN_BLOCKS = 3;

    private final View view;
    private final Name toName;
    private final View.Node from;
    private final View.Node to;
    private final DirectoryEntry source;
    private final View.Node moved;

    private RenamePlanner(View view, CfRequest.Rename request) throws Refusal, MissingBlock {
        this.view = view;
        from = view.changeable(request.fromDirectory());
        to = view.changeable(request.toDirectory());
        Refusal.unless(from.volume().id() == to.volume().id(), CfStatus.CROSS_DEVICE);
        NamePlanner.requireOrdinary(request.fromName());
        NamePlanner.requireOrdinary(request.toName());
        toName = request.toName();
        source = NamePlanner.find(view, from, request.fromName());
        moved = view.node(from.volume(), source.inode());
    }

    static Plan plan(View view, CfRequest.Rename request) throws Refusal, MissingBlock {
        var planner = new RenamePlanner(view, request);
        var plan = view.names(planner.to).planInsert(request.toName());
        return plan instanceof InsertPlan.Taken(DirectoryEntry target)
                ? planner.over(target)
                : planner.onto(CreatePlanner.free(plan));
    }

    private boolean within() {
        return from.ino() == to.ino();
    }

    private Plan onto(InsertPlan.Free free) throws Refusal, MissingBlock {
        requireMovable();
        var name = new EffectStep.AddName(to.ino(), toName, free.cookie(), moved.ino(), moved.fields().type());
        return plan(name, free.blocksAfter(), free.changedBlocks(), Optional.empty());
    }

    private Plan over(DirectoryEntry target) throws Refusal, MissingBlock {
        if (target.inode() == moved.ino()) {
            // Two names of one file: nothing is to be done (POSIX rename).
            var reply = new CfReply.Renamed(view.unchanged(from), view.unchanged(to));
            return Plan.shrink(Effect.none(from.volume().id()), reply, 0);
        }
        requireMovable();
        var victim = view.node(to.volume(), target.inode());
        NamePlanner.requireNotSticky(view, to, victim);
        if (moved.fields().isDirectory()) {
            Refusal.unless(victim.fields().isDirectory(), CfStatus.NOT_A_DIRECTORY);
            Refusal.unless(view.names(victim).isEmpty(), CfStatus.NOT_EMPTY);
        } else {
            Refusal.unless(!victim.fields().isDirectory(), CfStatus.IS_A_DIRECTORY);
        }
        var type = moved.fields().type();
        var name = new EffectStep.ReplaceName(to.ino(), toName, target.cookie(), moved.ino(), type);
        return plan(name, NamePlanner.blocks(to), 1, Optional.of(victim));
    }

    private void requireMovable() throws Refusal, MissingBlock {
        NamePlanner.requireNotSticky(view, from, moved);
        if (!moved.fields().isDirectory() || within()) {
            return;
        }
        // Its `..` changes.
        view.require(moved, Permissions.WRITE);
        // A directory moved below itself would be a ring that nobody can reach.
        var at = to;
        while (at.ino() != moved.ino() && at.ino() != at.volume().rootInode()) {
            at = view.node(at.volume(), at.fields().parentOrDevice());
        }
        Refusal.unless(at.ino() != moved.ino(), CfStatus.INVALID);
    }

    private Plan plan(EffectStep name, long toBlocks, int toChanged, Optional<View.Node> victim)
            throws Refusal, MissingBlock {
        boolean directory = moved.fields().isDirectory();
        int lost = directory ? 1 : 0;
        int replaced = directory && victim.isPresent() ? 1 : 0;
        int fromLinks = within() ? -replaced : -lost;
        int toLinks = within() ? fromLinks : lost - replaced;
        Refusal.unless(to.fields().linkCount() + toLinks <= CreatePlanner.LINKS_MAX, CfStatus.TOO_MANY_LINKS);
        int fromChanged = view.names(from).planRemove(source.cookie()) + MARGIN_BLOCKS;
        var toFields = NamePlanner.modified(view, to, toLinks);
        toFields = toFields.withSize(toBlocks * Units.BLOCK_SIZE);
        var fromFields = within() ? toFields : NamePlanner.modified(view, from, fromLinks);
        var movedFields = moved.fields().changed(moved.fields().nextChangeNs(view.nowNs()));
        movedFields = directory ? movedFields.withParent(to.ino()) : movedFields;

        var steps = new ArrayList<EffectStep>();
        // The new name first: it was planned on the directory as it is.
        steps.add(name);
        steps.add(new EffectStep.RemoveName(from.ino(), source.name(), source.cookie()));
        steps.add(new EffectStep.SetInode(to.ino(), toFields));
        if (!within()) {
            steps.add(new EffectStep.SetInode(from.ino(), fromFields));
        }
        steps.add(new EffectStep.SetInode(moved.ino(), movedFields));
        victim.ifPresent(node -> steps.add(NamePlanner.unlinked(view, node)));
        var reply = new CfReply.Renamed(view.changed(from, fromFields), view.changed(to, toFields));
        var use = victim.isPresent() ? SpaceAccounting.Use.SHRINK : SpaceAccounting.Use.GROW;
        long cost = cost(toBlocks, toChanged, fromChanged, victim);
        return new Plan(new Effect(from.volume().id(), steps), reply, List.of(), cost, use);
    }

    private long cost(long toBlocks, int toChanged, int fromChanged, Optional<View.Node> victim) {
        var space = view.state().space();
        long cost = space.metaCost(to.inode(), toBlocks, toChanged)
                + space.metaCost(from.inode(), NamePlanner.blocks(from), fromChanged);
        for (var node : List.of(from, to, moved)) {
            cost += space.inodeCost(node.volume(), node.ino());
        }
        if (victim.isPresent()) {
            var node = victim.get();
            cost += space.inodeCost(node.volume(), node.ino()) + space.truncateCost(node.inode());
        }
        return cost;
    }
}
