package hearth.dmodule.filesystem;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

import hearth.base.Check;
import hearth.checkpoint.CheckpointPart;
import hearth.checkpoint.RestoreException;
import hearth.checkpoint.Section;

/// Which aggregate was mounted, and from which root on. The root itself moves with every consistency point and stands
/// in the region's root record; this says what may be found there.
public final class VolumesPart implements CheckpointPart {
    private static final int VERSION = 1;
    private static final int BYTES = Integer.BYTES + 2 * Long.BYTES;

    private Optional<Mounted> mounted = Optional.empty();

    /// @param generationMin of the root: an older one was never the newest since
    private record Mounted(long aggregateId, long generationMin) {}

    /// What was mounted.
    public void mounted(FileSystem fileSystem) {
        mounted = Optional.of(new Mounted(fileSystem.aggregateId(), fileSystem.generation()));
    }

    private Mounted known() {
        return mounted.orElseThrow(() -> Check.failed("volumes are neither mounted nor restored"));
    }

    /// Whether this is what was saved, or its successor.
    public void compare(FileSystem found) throws RestoreException {
        if (found.aggregateId() != known().aggregateId() || found.generation() < known().generationMin()) {
            throw new RestoreException(section(), "the region's root is of aggregate "
                    + Long.toHexString(found.aggregateId()) + ", generation " + found.generation());
        }
    }

    @Override
    public Section section() {
        return Section.VOLUMES;
    }

    @Override
    public long fingerprint() {
        return known().aggregateId();
    }

    @Override
    public byte[] save() {
        ByteBuffer to = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        return to.putInt(VERSION).putLong(known().aggregateId()).putLong(known().generationMin()).array();
    }

    @Override
    public void restore(byte[] state) throws RestoreException {
        ByteBuffer from = ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN);
        if (state.length != BYTES || from.getInt() != VERSION) {
            throw new RestoreException(section(), "of another version");
        }
        mounted = Optional.of(new Mounted(from.getLong(), from.getLong()));
    }
}
