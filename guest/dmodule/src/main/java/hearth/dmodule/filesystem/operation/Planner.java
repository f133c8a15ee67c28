package hearth.dmodule.filesystem.operation;

import hearth.dmodule.filesystem.core.MissingBlock;

/// Computes the complete result of one mutation under the exclusive lock, changing nothing.
@FunctionalInterface
interface Planner {
    Plan plan(View view) throws Refusal, MissingBlock;
}
