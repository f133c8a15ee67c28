package hearth.dmodule.filesystem;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

import hearth.checkpoint.CheckpointPart;
import hearth.checkpoint.RestoreException;
import hearth.checkpoint.Section;
import hearth.dmodule.filesystem.core.VolumeState;
import hearth.dmodule.filesystem.format.VolumeConfig;

/// Which volumes the aggregate has, how large and how exported, as text; those that are being deleted are not there.
/// They stand on the aggregate and come with its root; the section is the other half of a pair: what the root gives
/// must be what was saved.
public final class ContainersPart implements CheckpointPart {
    private byte[] known = new byte[0];

    /// What the mounted aggregate has. Takes the lock.
    public void mounted(FileSystem fileSystem) {
        known = describe(fileSystem);
    }

    /// Whether the mounted aggregate has what was restored. Takes the lock.
    public void compare(FileSystem fileSystem) throws RestoreException {
        if (!Arrays.equals(known, describe(fileSystem))) {
            throw new RestoreException(section(), "other volumes or exports");
        }
    }

    private static byte[] describe(FileSystem fileSystem) {
        var text = new StringBuilder();
        fileSystem.lock().shared();
        try {
            for (VolumeState volume : fileSystem.state().volumes()) {
                // Not by the record's own text, which would be a class made while a client waits.
                VolumeConfig config = volume.config();
                text.append(volume.id()).append('\n').append(config.name()).append('\n')
                        .append(config.limitBlocks()).append('\n').append(config.exportPath()).append('\n')
                        .append(config.readOnly()).append('\n').append(config.squash().code()).append('\n')
                        .append(String.join(",", config.clients())).append('\n');
            }
        } finally {
            fileSystem.lock().leaveShared();
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Section section() {
        return Section.CONTAINERS;
    }

    @Override
    public long fingerprint() {
        var crc = new CRC32C();
        crc.update(known);
        return crc.getValue();
    }

    @Override
    public byte[] save() {
        return known.clone();
    }

    @Override
    public void restore(byte[] state) {
        known = state.clone();
    }
}
