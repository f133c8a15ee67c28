package hearth.dmodule.filesystem.core;

import java.util.List;

/// Everything that changed before a freeze: the input of one consistency point. Every volume is in it, also those
/// without a change.
///
/// @param volumes by ascending slot
/// @param dirtyInodes how many inodes are in it
/// @param empty nothing changed at all
/// @param volumeSlots slots of the volume table in use or once used
/// @param nextVolumeId never used
/// @param lastChange the administrator's last change in it
public record FrozenSet(
        List<FrozenVolume> volumes,
        int dirtyInodes,
        boolean empty,
        int volumeSlots,
        int nextVolumeId,
        long lastChange) {}
