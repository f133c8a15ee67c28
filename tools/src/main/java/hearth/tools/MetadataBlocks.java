package hearth.tools;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import hearth.base.Units;
import hearth.dmodule.filesystem.check.Checker;
import hearth.dmodule.filesystem.core.DamagedBlock;
import hearth.dmodule.filesystem.format.BlockPointer;
import hearth.dmodule.filesystem.format.Bytes;

/// Blocks that the check itself reads. Each is read from every member and compared with the checksum of the pointer, so
/// that a copy which nobody has read for long is judged, too. One thread.
final class MetadataBlocks implements Checker.Blocks {
    private static final int KEPT_MAX = 4096;

    private final Group group;
    private final Progress progress;
    private final WrongCopies wrong;
    // Good ones by vbn, the latest asked for last: a walk asks for an indirect block again and again.
    private final Map<Long, byte[]> kept = new LinkedHashMap<>(KEPT_MAX, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, byte[]> eldest) {
            return size() > KEPT_MAX;
        }
    };

    MetadataBlocks(Group group, WrongCopies wrong, Progress progress) {
        this.group = group;
        this.wrong = wrong;
        this.progress = progress;
    }

    @Override
    public byte[] block(BlockPointer pointer) throws IOException {
        byte[] known = kept.get(pointer.vbn());
        if (known != null && Bytes.crc(known) == pointer.crc()) {
            return known;
        }
        Optional<byte[]> good = Optional.empty();
        for (DiskFile member : group.members()) {
            long dbn = group.dbn(pointer.vbn());
            try {
                byte[] block = member.block(dbn);
                if (Bytes.crc(block) == pointer.crc()) {
                    good = Optional.of(block);
                } else {
                    wrong.add(member, dbn, pointer.vbn(), "wrong checksum (metadata)");
                }
            } catch (IOException e) {
                wrong.add(member, dbn, pointer.vbn(), "cannot be read: " + e.getMessage());
            }
        }
        progress.read(group.members().size() * (long) Units.BLOCK_SIZE);
        if (good.isEmpty()) {
            throw new DamagedBlock(pointer);
        }
        kept.put(pointer.vbn(), good.get());
        return good.get();
    }
}
