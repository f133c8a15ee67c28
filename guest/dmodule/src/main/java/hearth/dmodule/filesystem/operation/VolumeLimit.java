package hearth.dmodule.filesystem.operation;

import hearth.dmodule.filesystem.core.DataAt;
import hearth.dmodule.filesystem.core.Inode;
import hearth.dmodule.filesystem.core.MissingBlock;
import hearth.dmodule.filesystem.core.SpaceAccounting;
import hearth.dmodule.filesystem.core.VolumeState;
import hearth.dmodule.filesystem.format.TreeLayout;

/// Whether a plan stays within its volume's limit. What a volume uses is known as of the last consistency point; what
/// is promised since is an upper bound, because an overwritten block is charged anew. So near the limit a plan is
/// looked at more closely: what overwrites or removes is always admitted, and what adds counts only what it adds.
final class VolumeLimit {
    private VolumeLimit() {}

    /// Under the lock under which the plan was made.
    static boolean admits(View view, Plan plan) throws MissingBlock {
        var volume = view.state().volume(plan.effect().volumeId());
        if (volume.isEmpty() || plan.use() == SpaceAccounting.Use.SHRINK) {
            return true;
        }
        long room = volume.get().roomBlocks();
        if (plan.costBlocks() <= room) {
            return true;
        }
        long added = added(view, volume.get(), plan);
        return added == 0 || added <= room;
    }

    /// Whether a consistency point may help a plan that was not admitted.
    static boolean couldAdmit(View view, Plan plan) {
        return view.state().volume(plan.effect().volumeId()).filter(VolumeState::isCharged).isPresent();
    }

    /// Blocks that the volume has more afterwards, at most.
    private static long added(View view, VolumeState volume, Plan plan) throws MissingBlock {
        long added = 0;
        boolean named = false;
        for (var step : plan.effect().steps()) {
            if (step instanceof EffectStep.RemoveName || step instanceof EffectStep.Cut) {
                // A rename, or a file that is cut: it needs no more than it had.
                return 0;
            }
            named |= step instanceof EffectStep.Take || step instanceof EffectStep.AddName;
            if (step instanceof EffectStep.Data data) {
                added += added(view, volume, data);
            }
        }
        return named ? plan.costBlocks() : added;
    }

    private static long added(View view, VolumeState volume, EffectStep.Data data) throws MissingBlock {
        var file = view.state().inode(volume, data.ino());
        if (file.isEmpty()) {
            return data.crcs().length;
        }
        Inode inode = file.get();
        long added = 0;
        for (int i = 0; i < data.crcs().length; i++) {
            added += view.state().data(inode, data.firstBlock() + i) instanceof DataAt.Hole ? 1 : 0;
        }
        // New data may need new indirect blocks above it.
        return added == 0 ? 0 : added + TreeLayout.heightFor(data.firstBlock() + data.crcs().length);
    }
}
