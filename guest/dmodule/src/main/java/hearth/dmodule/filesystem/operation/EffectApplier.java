package hearth.dmodule.filesystem.operation;

import hearth.base.Check;
import hearth.dmodule.filesystem.core.FsState;
import hearth.dmodule.filesystem.core.Inode;
import hearth.dmodule.filesystem.core.MissingBlock;
import hearth.dmodule.filesystem.core.VolumeState;
import hearth.dmodule.filesystem.directory.Directory;
import hearth.dmodule.filesystem.directory.DirectoryEntry;
import hearth.dmodule.filesystem.format.InodeLayout;
import hearth.dmodule.nvlog.PayloadRef;

/// Carries out effects that are in the log: right after the append, and again in replay. The result depends on the
/// state and the effect alone. Runs under the exclusive lock and cannot fail: what does not fit is a bug.
final class EffectApplier {
    private final FsState state;

    /// @param state `FsState.applying()`: never misses a block
    EffectApplier(FsState state) {
        this.state = state;
    }

    /// @param payloadRef the record's payload (`PayloadRef`)
    void apply(Effect effect, long payloadRef) {
        var volume = state.volume(effect.volumeId()).orElseThrow(() -> Check.failed("effect on no volume"));
        try {
            for (var step : effect.steps()) {
                apply(volume, step, payloadRef);
            }
        } catch (MissingBlock missing) {
            throw Check.failed("a block was missing while applying: " + missing.pointer());
        }
    }

    private void apply(VolumeState volume, EffectStep step, long payloadRef) throws MissingBlock {
        if (step instanceof EffectStep.SetInode s) {
            setInode(inode(volume, s.ino()), s.fields());
        } else if (step instanceof EffectStep.Data s) {
            var inode = inode(volume, s.ino());
            for (int i = 0; i < s.crcs().length; i++) {
                long block = PayloadRef.block(payloadRef, s.payloadBlock() + i);
                state.putData(inode, s.firstBlock() + i, block, s.crcs()[i]);
            }
        } else if (step instanceof EffectStep.Take s) {
            state.create(volume, s.ino(), s.generation());
        } else if (step instanceof EffectStep.AddName s) {
            directory(inode(volume, s.directory()))
                    .insert(new DirectoryEntry(s.name(), s.ino(), s.type(), s.cookie()));
        } else if (step instanceof EffectStep.ReplaceName s) {
            directory(inode(volume, s.directory()))
                    .replace(new DirectoryEntry(s.name(), s.ino(), s.type(), s.cookie()));
        } else if (step instanceof EffectStep.RemoveName s) {
            directory(inode(volume, s.directory())).remove(s.name(), s.cookie());
        } else if (step instanceof EffectStep.Free s) {
            state.free(volume, inode(volume, s.ino()));
        } else if (step instanceof EffectStep.Cut s) {
            state.truncate(inode(volume, s.ino()), s.sizeBlocks());
        } else if (step instanceof EffectStep.Target s) {
            setTarget(inode(volume, s.ino()), s.text());
        } else {
            throw Check.failed("a step that nobody applies");
        }
    }

    private void setInode(Inode inode, InodeFields fields) {
        Check.that(inode.generation == fields.generation(), "effect on another generation", inode.number);
        // A directory's size follows from its names, which stand before this step.
        boolean sizeFits = !fields.isDirectory() || fields.sizeBytes() == inode.sizeBytes;
        Check.that(sizeFits, "directory grew otherwise than planned", fields.sizeBytes(), inode.sizeBytes);
        fields.storeIn(inode);
        state.dirty(inode);
    }

    private void setTarget(Inode inode, byte[] text) throws MissingBlock {
        if (text.length <= InodeLayout.AREA_SIZE) {
            inode.inlineTarget = text;
            state.dirty(inode);
        } else {
            System.arraycopy(text, 0, state.changeMeta(inode, 0), 0, text.length);
        }
    }

    private Directory directory(Inode inode) {
        return DirectoryFile.open(state, inode);
    }

    private Inode inode(VolumeState volume, long ino) throws MissingBlock {
        return state.inode(volume, ino).orElseThrow(() -> Check.failed("effect on no inode: " + ino));
    }
}
