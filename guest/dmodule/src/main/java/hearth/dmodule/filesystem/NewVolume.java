package hearth.dmodule.filesystem;

import hearth.dmodule.filesystem.format.VolumeConfig;

/// A volume to create at format, and who owns its root directory.
///
/// @param rootMode low 12 bits
public record NewVolume(VolumeConfig config, int rootMode, int rootUid, int rootGid) {}
