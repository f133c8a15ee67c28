package hearth.tools;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Blocks whose bytes on one disk are not those that their pointers describe, or cannot be read: each once, however
/// often it is looked at. The first are kept as text, the others are counted. One thread.
final class WrongCopies {
    private static final int KEPT_MAX = 100;

    private final Map<DiskFile, BitSet> known = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    private long count;

    /// @param vbn below 2^31: the check takes no larger aggregate
    void add(DiskFile member, long dbn, long vbn, String what) {
        BitSet of = known.computeIfAbsent(member, _ -> new BitSet());
        if (of.get((int) vbn)) {
            return;
        }
        of.set((int) vbn);
        count++;
        if (problems.size() < KEPT_MAX) {
            problems.add("disk " + member + " block " + dbn + ": " + what);
        }
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    long count() {
        return count;
    }
}
