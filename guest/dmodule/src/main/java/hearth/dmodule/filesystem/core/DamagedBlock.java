package hearth.dmodule.filesystem.core;

import java.io.IOException;

import hearth.dmodule.filesystem.format.BlockPointer;

/// The disks answer, but no copy of a block has the bytes that the pointer to it describes.
public final class DamagedBlock extends IOException {
    private static final long serialVersionUID = 1L;

    private final long vbn;

    public DamagedBlock(BlockPointer pointer) {
        super("no copy of block " + pointer.vbn() + " (born " + pointer.birth() + ") has checksum "
                + Integer.toHexString(pointer.crc()));
        vbn = pointer.vbn();
    }

    public long vbn() {
        return vbn;
    }
}
