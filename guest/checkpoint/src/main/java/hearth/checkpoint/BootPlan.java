package hearth.checkpoint;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/// How an incarnation comes up.
public sealed interface BootPlan {
    /// All sections are fresh: restore, probe nothing.
    record FastRestart(Checkpoint checkpoint) implements BootPlan {
        @Override
        public int code() {
            return 1;
        }

        @Override
        public Reason reason() {
            return Reason.NONE;
        }

        @Override
        public String title() {
            return "FastRestart";
        }
    }

    /// Probe the sections named and those that depend on them, restore the rest. Not decided upon yet.
    record PartialProbe(Checkpoint checkpoint, Set<Section> sections) implements BootPlan {
        @Override
        public int code() {
            return 2;
        }

        @Override
        public Reason reason() {
            return Reason.CHANGED;
        }

        @Override
        public String title() {
            return "PartialProbe";
        }
    }

    /// Probe all, distrust cache and checkpoint (never log or journal), save a new checkpoint. `stale` has the sections
    /// that were not fresh, where the reason is [Reason#CHANGED].
    record ConventionalBoot(Reason reason, Map<Section, Freshness> stale) implements BootPlan {
        public ConventionalBoot {
            var copy = new EnumMap<Section, Freshness>(Section.class);
            copy.putAll(stale);
            stale = Collections.unmodifiableMap(copy);
        }

        public ConventionalBoot(Reason reason) {
            this(reason, Map.of());
        }

        @Override
        public int code() {
            return 3;
        }

        @Override
        public String title() {
            return "ConventionalBoot";
        }
    }

    /// Why a boot is conventional. The ordinal is the reason's number in the heartbeat page: append only.
    enum Reason {
        /// For plans that need none.
        NONE,
        NO_CHECKPOINT,
        CORRUPT_CHECKPOINT,
        OLD_CHECKPOINT,
        NEW_CHECKPOINT,
        FOREIGN_CHECKPOINT,
        /// At least one section is not fresh.
        CHANGED,
        /// Starts failed in a row.
        FAILED_STARTS,
        /// The administrator or domain 0 wants it.
        ASKED_FOR,
        /// A fresh section could not be restored.
        RESTORE_FAILED
    }

    /// The plan's number in the heartbeat page: 1 fast, 2 partial, 3 conventional.
    int code();

    /// Why, or [Reason#NONE].
    Reason reason();

    /// The plan's name for people and for domain 0.
    String title();
}
