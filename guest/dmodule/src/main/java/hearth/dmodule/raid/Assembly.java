package hearth.dmodule.raid;

import java.util.List;

/// What the labels of all attached disks amount to.
public sealed interface Assembly {
    /// The group can be used.
    ///
    /// @param state with absent and stale members left out already, but at the generation that the labels have
    /// @param moveOn whether the labels must be written, a generation on, before anything else is: a member is left
    ///     out, or the last change of labels was not finished
    /// @param warnings for the administrator, one for each member left out
    record Assembled(RaidState state, boolean moveOn, List<String> warnings) implements Assembly {
        public Assembled {
            warnings = List.copyOf(warnings);
        }
    }

    /// Too little of the group is here to serve what was acknowledged.
    record Incomplete(String why) implements Assembly {}

    /// Something here is not of this group, or its halves lived apart: nothing is written, a person decides.
    record Foreign(String why) implements Assembly {}
}
