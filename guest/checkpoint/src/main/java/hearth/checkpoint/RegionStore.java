package hearth.checkpoint;

import java.io.IOException;
import java.util.Optional;

import hearth.memory.region.CheckpointSlots;

/// The region's two slots as a store: in memory, so it survives the guest but not the host. Reads no disk.
public final class RegionStore implements CheckpointStore {
    private final CheckpointSlots slots;

    public RegionStore(CheckpointSlots slots) {
        this.slots = slots;
    }

    @Override
    public Optional<byte[]> read() {
        return slots.read();
    }

    @Override
    public void write(byte[] checkpoint) throws IOException {
        if (checkpoint.length > slots.capacity()) {
            throw new CheckpointTooLargeException(checkpoint.length, slots.capacity());
        }
        slots.write(checkpoint);
    }
}
