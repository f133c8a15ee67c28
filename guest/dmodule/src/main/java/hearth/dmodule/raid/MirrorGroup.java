package hearth.dmodule.raid;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

import hearth.base.Check;
import hearth.base.Clock;
import hearth.base.Event;
import hearth.dmodule.disk.Disk;
import hearth.dmodule.disk.DiskFrontEnd;
import hearth.memory.death.StoreGroup;
import hearth.memory.label.DiskId;

/// Who is in sync, and how that changes.
///
/// Invariants: a member leaves the set for good in this incarnation; before a call that lost a member returns, the
/// labels of all that remain say so durably, a generation on; the checkpoint's RAID section is marked before the first
/// of these labels is written and saved after the last.
final class MirrorGroup {
    private final DiskFrontEnd front;
    private final LabelWriter labels;
    private final long incarnation;
    private final RandomGenerator random;
    private final Clock clock;
    private final Event.Sink events;
    private final MembershipListener listener;
    private final RaidStatistics statistics;
    private final ReentrantLock lock = new ReentrantLock();

    private volatile RaidState state;
    private volatile List<Member> inSync;

    MirrorGroup(DiskFrontEnd front, RaidState state, Mirror.Setting setting, RaidStatistics statistics) {
        this.front = front;
        this.labels = new LabelWriter(front, state.members().size());
        this.incarnation = setting.incarnation();
        this.random = setting.random();
        this.clock = setting.clock();
        this.events = setting.events();
        this.listener = setting.listener();
        this.statistics = statistics;
        this.state = state;
        this.inSync = members(state);
    }

    private static List<Member> members(RaidState state) {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < state.members().size(); i++) {
            RaidMember member = state.members().get(i);
            if (member.isInSync()) {
                Check.that(member.slot() >= 0, "a member in sync is attached", i);
                Disk disk = new Disk(member.slot(), member.id(), member.sizeBlocks());
                members.add(new Member(i, disk, member.sizeBlocks()));
            }
        }
        return List.copyOf(members);
    }

    RaidState state() {
        return state;
    }

    /// Members in sync now; throws when none is left.
    List<Member> inSync() throws RaidException {
        List<Member> now = inSync;
        if (now.isEmpty()) {
            throw lost("no member is left");
        }
        return now;
    }

    private static RaidException lost(String why) {
        return new RaidException(RaidException.Kind.LOST, -1, why);
    }

    /// Before the first write of a group that lacks members, or whose labels were not all written: moves on.
    void moveOn() throws RaidException {
        lock.lock();
        try {
            relabel(state.without(Set.of(), random));
        } finally {
            lock.unlock();
        }
    }

    void markFormatted() throws RaidException {
        lock.lock();
        try {
            relabel(state.withFormatted());
        } finally {
            lock.unlock();
        }
    }

    /// Leaves members behind. Returns when the labels of the others say so; throws when there are no others.
    void drop(Map<Member, String> failed) throws RaidException {
        if (failed.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            List<Member> leaving = inSync.stream().filter(failed::containsKey).toList();
            if (!leaving.isEmpty()) {
                relabel(withoutMembers(leaving, failed));
            } else if (inSync.isEmpty()) {
                throw lost("no member is left");
            }
        } finally {
            lock.unlock();
        }
    }

    private RaidState withoutMembers(List<Member> leaving, Map<Member, String> reasons) throws RaidException {
        Set<DiskId> ids = new HashSet<>();
        for (Member member : leaving) {
            ids.add(member.disk().id());
            statistics.dropped.increment();
            events.accept(Event.of(clock, "raid.member-left-behind", "disk", member.disk().id(), "slot",
                    member.disk().slot(), "why", reasons.getOrDefault(member, "")));
        }
        inSync = inSync.stream().filter(member -> !leaving.contains(member)).toList();
        if (inSync.isEmpty()) {
            events.accept(Event.of(clock, "raid.lost", "aggregate", Long.toHexString(state.aggregateId())));
            throw lost("the last member failed: " + reasons.values());
        }
        return state.without(ids, random);
    }

    /// Writes the labels of `next` to all in sync; those that fail at that leave too, and it begins again. The lock
    /// is held.
    private void relabel(RaidState next) throws RaidException {
        listener.changing();
        RaidState wanted = next;
        while (true) {
            Map<Member, String> failed = new LinkedHashMap<>(labels.writeLabels(wanted, inSync, incarnation));
            // Whoever got the label got this one: what follows descends from it.
            state = wanted;
            if (failed.isEmpty()) {
                break;
            }
            wanted = withoutMembers(List.copyOf(failed.keySet()), failed);
        }
        events.accept(Event.of(clock, "raid.labels-written", "generation", state.generation().number(), "in_sync",
                inSync.size(), "members", state.members().size()));
        listener.changed(state);
    }

    /// One block to a fixed place of all members, flushed.
    void writeRoot(long dbn, byte[] block) throws RaidException {
        lock.lock();
        try {
            Map<Member, String> failed = new LinkedHashMap<>();
            labels.writeAndFlush(StoreGroup.CONSISTENCY_POINT, inSync(), _ -> block, _ -> dbn, failed);
            List<Member> leaving = inSync.stream().filter(failed::containsKey).toList();
            if (!leaving.isEmpty()) {
                relabel(withoutMembers(leaving, failed));
            }
        } finally {
            lock.unlock();
        }
    }

    void flush() throws RaidException {
        Map<Member, String> failed = new LinkedHashMap<>();
        LabelWriter.flush(front, StoreGroup.CONSISTENCY_POINT, inSync(), failed);
        drop(failed);
    }
}
