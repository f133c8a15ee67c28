package hearth.dmodule.filesystem.operation;

import java.util.ArrayList;
import java.util.List;

import hearth.base.Check;
import hearth.dmodule.filesystem.directory.NameHash;
import hearth.memory.index.DirtyKey;

/// Under which keys an effect stands in the dirty index, so that a successor can find what the log has for an object
/// before it has replayed. An object's number there is volume << 40 | inode.
final class EffectKeys {
    private static final int VOLUME_SHIFT = 40;

    private EffectKeys() {}

    static List<DirtyKey> of(Effect effect) {
        var keys = new ArrayList<DirtyKey>();
        long volume = (long) effect.volumeId() << VOLUME_SHIFT;
        for (var step : effect.steps()) {
            if (step instanceof EffectStep.SetInode s) {
                keys.add(DirtyKey.attributes(volume | s.ino(), Integer.toUnsignedLong(s.fields().generation())));
            } else if (step instanceof EffectStep.Data s) {
                for (int i = 0; i < s.crcs().length; i++) {
                    keys.add(DirtyKey.data(volume | s.ino(), s.firstBlock() + i));
                }
            } else if (step instanceof EffectStep.AddName s) {
                keys.add(DirtyKey.name(volume | s.directory(), hash(s.name().bytes())));
            } else if (step instanceof EffectStep.ReplaceName s) {
                keys.add(DirtyKey.name(volume | s.directory(), hash(s.name().bytes())));
            } else if (step instanceof EffectStep.RemoveName s) {
                keys.add(DirtyKey.removed(volume | s.directory(), hash(s.name().bytes())));
            } else if (step instanceof EffectStep.Free s) {
                keys.add(DirtyKey.truncated(volume | s.ino(), 0));
            } else if (step instanceof EffectStep.Cut s) {
                keys.add(DirtyKey.truncated(volume | s.ino(), s.sizeBlocks()));
            } else {
                // Each comes with the inode's attributes, by which the record is found.
                Check.that(step instanceof EffectStep.Take || step instanceof EffectStep.Target, "a step without keys");
            }
        }
        return keys;
    }

    private static long hash(byte[] name) {
        return NameHash.hash(0, name);
    }
}
