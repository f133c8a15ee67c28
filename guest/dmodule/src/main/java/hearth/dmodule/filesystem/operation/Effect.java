package hearth.dmodule.filesystem.operation;

import java.util.List;

/// What one mutation did, all of it or nothing: one log record. Results, not requests.
///
/// @param volumeId all steps are within one volume
record Effect(int volumeId, List<EffectStep> steps) {
    Effect {
        steps = List.copyOf(steps);
    }

    /// Nothing changed; recorded for the sake of the reply.
    static Effect none(int volumeId) {
        return new Effect(volumeId, List.of());
    }
}
