package hearth.domain0.domain;

import java.util.List;
import java.util.Map;

/// One incarnation's start, from its predecessor's end to its first reply. Stamps are nanoseconds of the monotonic
/// clock that guest and host share; a stage that was not reached is not among them.
///
/// @param reason how the predecessor ended, or "host start"
/// @param plan what the guest did to come up, "" while it is not known
/// @param planReason why it chose that
/// @param stampsNs by the names of `Stage`
/// @param probesByGuest requests before listening by section, as the guest counted them; the seventh is replay
/// @param probesByHost the same as the disk back-end counted them
/// @param replayedRecords records of the log that were applied again
/// @param replayedBytes their bytes
/// @param framesRefused cache frames whose bytes were not what they should be
/// @param end how this incarnation ended, "" while it runs
public record Timeline(
        long incarnation,
        String reason,
        String plan,
        String planReason,
        Map<String, Long> stampsNs,
        List<Long> probesByGuest,
        List<Long> probesByHost,
        long replayedRecords,
        long replayedBytes,
        long framesRefused,
        String end) {

    /// Names of stamps in their order.
    public static final List<String> STAGES = List.of("died", "killed", "detected", "fenced", "spawned", "attached",
            "planned", "devices", "raid", "volumes", "containers", "network", "replayed", "listening", "firstReply");

    public Timeline {
        stampsNs = Map.copyOf(stampsNs);
        probesByGuest = List.copyOf(probesByGuest);
        probesByHost = List.copyOf(probesByHost);
    }
}
