package hearth.dmodule.raid;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.StampedLock;

import hearth.dmodule.disk.DiskException;
import hearth.dmodule.disk.DiskFrontEnd;
import hearth.dmodule.disk.Staging;

/// Puts right, on the member that had it wrong, a block that another member has right.
///
/// Invariant: a repair never overwrites something newer. It runs only while no batch is writing, reads the good copy
/// again and checks it then: a vbn that got a new content meanwhile no longer has the wanted checksum and is left
/// alone. A repair never waits for a batch, so a batch may wait for a repair.
final class MirrorRepair {
    private static final int WANTED_MAX = 4096;

    private final DiskFrontEnd front;
    private final MirrorGroup group;
    private final long dataStart;
    private final RaidStatistics statistics;
    private final Staging memory;
    private final StampedLock writing = new StampedLock();
    private final ArrayDeque<Wanted> wanted = new ArrayDeque<>();

    private record Wanted(Member member, long vbn, int crc) {}

    MirrorRepair(DiskFrontEnd front, MirrorGroup group, long dataStart, RaidStatistics statistics) {
        this.front = front;
        this.group = group;
        this.dataStart = dataStart;
        this.statistics = statistics;
        this.memory = front.staging(1);
    }

    /// A batch begins to write; waits for a running repair.
    long beginWriting() {
        return writing.readLock();
    }

    void endWriting(long stamp) {
        writing.unlockRead(stamp);
    }

    /// Remembers a block. Beyond the limit it is forgotten; whoever reads it next finds it wrong again.
    void want(Member member, long vbn, int crc) {
        synchronized (wanted) {
            if (wanted.size() < WANTED_MAX) {
                wanted.add(new Wanted(member, vbn, crc));
            }
        }
    }

    /// Repairs what is remembered, unless someone is writing: then the end of that writing does it.
    void run() throws RaidException {
        while (isWanted()) {
            long stamp = writing.tryWriteLock();
            if (stamp == 0) {
                return;
            }
            Optional<Member> failed;
            try {
                failed = repairAll();
            } finally {
                writing.unlockWrite(stamp);
            }
            if (failed.isEmpty()) {
                return;
            }
            group.drop(Map.of(failed.get(), "a block could not be rewritten"));
        }
    }

    private boolean isWanted() {
        synchronized (wanted) {
            return !wanted.isEmpty();
        }
    }

    /// Returns a member that could not be written, which ends the round.
    private Optional<Member> repairAll() throws RaidException {
        while (true) {
            Wanted next;
            synchronized (wanted) {
                next = wanted.poll();
            }
            if (next == null) {
                return Optional.empty();
            }
            if (group.inSync().contains(next.member()) && !repaired(next)) {
                return Optional.of(next.member());
            }
        }
    }

    /// False when the member could not be written.
    private boolean repaired(Wanted next) throws RaidException {
        long dbn = dataStart + next.vbn();
        for (Member other : group.inSync()) {
            if (other.equals(next.member()) || !isRight(other, dbn, next.crc())) {
                continue;
            }
            try {
                front.write(next.member().disk(), dbn, memory.memory());
                statistics.repaired.increment();
                return true;
            } catch (DiskException e) {
                return false;
            }
        }
        return true;
    }

    private boolean isRight(Member member, long dbn, int crc) {
        try {
            front.read(member.disk(), dbn, memory.memory());
            return Mirror.checksum(memory.memory()) == crc;
        } catch (DiskException e) {
            statistics.readErrors.increment();
            return false;
        }
    }
}
