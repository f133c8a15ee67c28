package hearth.stress;

import hearth.memory.ring.DiskStatus;
import hearth.memory.ring.RingBack;
import hearth.memory.ring.RingFront;
import hearth.memory.ring.RingPlan;
import hearth.memory.ring.Submission;

/// Rings of two entries, and entries all of whose fields say which one they are.
final class Rings {
    static final RingPlan PLAN = new RingPlan(0, 2, 0);
    /// More than states live at once.
    static final Pool MEMORY = new Pool(PLAN.endOffset(), 4096);

    private static final int OLD = 99;

    private Rings() {}

    static Submission entry(int number) {
        var entry = new Submission();
        entry.op = number;
        entry.slot = number;
        entry.dbn = number;
        entry.blocks = number;
        entry.file = number;
        entry.memoryOffset = number;
        entry.epoch = number;
        entry.tag = number;
        entry.section = number;
        entry.flags = number;
        return entry;
    }

    /// Uses every place of both rings once.
    static void lap(RingFront front, RingBack back) {
        var taken = new Submission();
        for (int i = 0; i < PLAN.entries(); i++) {
            front.submit(entry(OLD));
            back.take(taken);
            back.complete(OLD, OLD, DiskStatus.SHORT, OLD, OLD);
        }
        front.takeCompletions((tag, epoch, status, errno, bytes) -> {});
    }

    /// The number of the entry taken; 0 when there was none, negative when it was not one entry.
    static int take(RingBack back, Submission taken) {
        return switch (back.take(taken)) {
            case EMPTY -> 0;
            case NONSENSE -> -1;
            case ENTRY -> {
                long n = taken.tag;
                boolean whole = taken.op == n && taken.slot == n && taken.dbn == n && taken.blocks == n
                        && taken.file == n && taken.memoryOffset == n && taken.epoch == n && taken.section == n
                        && taken.flags == n;
                yield whole ? (int) n : -2;
            }
        };
    }
}
