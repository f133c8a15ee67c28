package hearth.dmodule.filesystem.directory;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import hearth.dmodule.filesystem.core.MissingBlock;
import hearth.dmodule.filesystem.format.BlockPointer;

/// A directory's blocks in the heap; can be told to forget which blocks are in memory, and records what is touched.
final class HeapBlocks implements DirectoryBlocks {
    private final List<byte[]> blocks = new ArrayList<>();
    private final Set<Long> present = new HashSet<>();
    private boolean cold;
    final Set<Long> changed = new HashSet<>();

    @Override
    public byte[] read(long block) throws MissingBlock {
        if (cold && !present.contains(block)) {
            throw new MissingBlock(new BlockPointer(block + 1, 1, 0));
        }
        return blocks.get((int) block);
    }

    @Override
    public byte[] change(long block) throws MissingBlock {
        while (blocks.size() <= block) {
            present.add((long) blocks.size());
            blocks.add(new byte[4096]);
        }
        changed.add(block);
        return read(block);
    }

    @Override
    public long blocks() {
        return blocks.size();
    }

    /// From now on a block is missing until it was fetched once.
    void chill() {
        cold = true;
        present.clear();
    }

    void fetch(MissingBlock missing) {
        present.add(missing.pointer().vbn() - 1);
    }

    List<byte[]> bytes() {
        return blocks;
    }
}
