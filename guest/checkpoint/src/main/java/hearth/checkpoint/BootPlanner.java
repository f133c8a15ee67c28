package hearth.checkpoint;

import java.util.EnumMap;
import java.util.Map;

import hearth.base.Check;
import hearth.checkpoint.BootPlan.ConventionalBoot;
import hearth.checkpoint.BootPlan.FastRestart;
import hearth.checkpoint.BootPlan.Reason;

/// Decides the boot plan. A pure function: the same inputs give the same plan.
public final class BootPlanner {
    /// Failed starts in a row from which on nothing that was saved is believed.
    public static final int FAILED_STARTS_MAX = 2;

    private BootPlanner() {}

    /// A fast restart needs a whole checkpoint of this region in which both counters of every section match.
    public static BootPlan decide(BootInputs inputs) {
        if (inputs.conventionalAskedFor()) {
            return new ConventionalBoot(Reason.ASKED_FOR);
        }
        if (inputs.failedStarts() >= FAILED_STARTS_MAX) {
            return new ConventionalBoot(Reason.FAILED_STARTS);
        }
        // Asked first, and alone: a `switch` over patterns makes a class, which every fast restart would wait for.
        if (inputs.found() instanceof Decoded.Valid(Checkpoint checkpoint)) {
            return byFreshness(checkpoint, inputs);
        }
        return switch (inputs.found()) {
            case Decoded.Absent() -> new ConventionalBoot(Reason.NO_CHECKPOINT);
            case Decoded.Corrupt(String why) -> new ConventionalBoot(Reason.CORRUPT_CHECKPOINT);
            case Decoded.TooOld(int version) -> new ConventionalBoot(Reason.OLD_CHECKPOINT);
            case Decoded.TooNew(int version) -> new ConventionalBoot(Reason.NEW_CHECKPOINT);
            case Decoded.Foreign(String why) -> new ConventionalBoot(Reason.FOREIGN_CHECKPOINT);
            case Decoded.Valid _ -> throw Check.failed("a valid checkpoint is judged by its freshness");
        };
    }

    private static BootPlan byFreshness(Checkpoint checkpoint, BootInputs inputs) {
        if (checkpoint.regionInstance() != inputs.regionInstance()) {
            return new ConventionalBoot(Reason.FOREIGN_CHECKPOINT);
        }
        Map<Section, Freshness> stale = new EnumMap<>(Section.class);
        for (Section section : Section.values()) {
            Freshness freshness =
                    Freshness.of(checkpoint.section(section), section, inputs.now(), inputs.regionInstance());
            if (freshness != Freshness.FRESH) {
                stale.put(section, freshness);
            }
        }
        return stale.isEmpty() ? new FastRestart(checkpoint) : new ConventionalBoot(Reason.CHANGED, stale);
    }
}
