package hearth.dmodule.filesystem.directory;

import java.util.HashMap;
import java.util.Map;

import hearth.base.Units;
import hearth.dmodule.filesystem.core.MissingBlock;

/// Copies of the blocks that a change would make dirty: lets a plan carry out a rare change to count its blocks, and
/// reads on the way all that the real one will need.
final class TrialBlocks implements DirectoryBlocks {
    private final DirectoryBlocks real;
    private final Map<Long, byte[]> changed = new HashMap<>();
    private long blocks;

    TrialBlocks(DirectoryBlocks real) {
        this.real = real;
        this.blocks = real.blocks();
    }

    @Override
    public byte[] read(long block) throws MissingBlock {
        byte[] copy = changed.get(block);
        return copy != null ? copy : real.read(block);
    }

    @Override
    public byte[] change(long block) throws MissingBlock {
        byte[] copy = changed.get(block);
        if (copy == null) {
            copy = block < real.blocks() ? real.read(block).clone() : new byte[Units.BLOCK_SIZE];
            changed.put(block, copy);
            blocks = Math.max(blocks, block + 1);
        }
        return copy;
    }

    @Override
    public long blocks() {
        return blocks;
    }

    int changedBlocks() {
        return changed.size();
    }
}
