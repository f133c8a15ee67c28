package hearth.dmodule.raid;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import hearth.dmodule.disk.DiskException;
import hearth.dmodule.disk.DiskFrontEnd;
import hearth.dmodule.disk.DiskRequest;
import hearth.dmodule.disk.Staging;
import hearth.dmodule.disk.Transfer;
import hearth.memory.death.DeathPoint;
import hearth.memory.death.StoreGroup;
import hearth.memory.label.DiskGeometry;

/// Writes labels and other blocks at fixed places of several members at once. Its memory is its own, so that it never
/// waits for staging that others hold while they wait for it. The caller locks.
final class LabelWriter {
    private final DiskFrontEnd front;
    private final Staging memory;

    LabelWriter(DiskFrontEnd front, int members) {
        this.front = front;
        this.memory = front.staging(members);
    }

    /// Front copies, flush, back copies, flush: a death in between leaves one whole label on each disk. Returns the
    /// members that failed, with the reason.
    Map<Member, String> writeLabels(RaidState state, List<Member> members, long incarnation) {
        Map<Member, String> failed = new LinkedHashMap<>();
        Function<Member, byte[]> label = member -> state.label(member.position(), incarnation).encode();
        writeAndFlush(StoreGroup.LABEL, members, label, _ -> DiskGeometry.FRONT_LABEL_DBN, failed);
        // The back label stands where the label itself says the disk ends.
        writeAndFlush(StoreGroup.LABEL, members, label,
                member -> DiskGeometry.backLabelDbn(member.sizeBlocks()), failed);
        return failed;
    }

    /// One block to a place of each member, then a flush of each. Members already in `failed` are passed over. `group`
    /// is what these stores belong to.
    void writeAndFlush(
            StoreGroup group,
            List<Member> members,
            Function<Member, byte[]> block,
            Function<Member, Long> place,
            Map<Member, String> failed) {
        List<Member> targets = members.stream().filter(member -> !failed.containsKey(member)).toList();
        List<DiskRequest> writes = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            var slice = memory.memory().slice(i, 1);
            slice.bytes().copyFrom(MemorySegment.ofArray(block.apply(targets.get(i))));
            writes.add(DiskRequest.write(targets.get(i).disk(), place.apply(targets.get(i)), slice));
        }
        run(front, group, targets, writes, failed);
        flush(front, group, targets, failed);
    }

    /// Flushes all members at once; those that fail are added to `failed`.
    static void flush(DiskFrontEnd front, StoreGroup group, List<Member> members, Map<Member, String> failed) {
        List<Member> targets = members.stream().filter(member -> !failed.containsKey(member)).toList();
        List<DiskRequest> flushes = targets.stream().map(member -> DiskRequest.flush(member.disk())).toList();
        run(front, group, targets, flushes, failed);
    }

    /// All at once. A process that was told to die does one after the other, so that it can die between two members.
    private static void run(DiskFrontEnd front, StoreGroup group, List<Member> targets, List<DiskRequest> requests,
            Map<Member, String> failed) {
        if (!DeathPoint.ARMED) {
            collect(targets, front.submit(requests), failed);
            return;
        }
        for (int i = 0; i < targets.size(); i++) {
            List<Transfer> one = front.submit(List.of(requests.get(i)));
            DeathPoint.stored(group);
            collect(List.of(targets.get(i)), one, failed);
            DeathPoint.stored(group);
        }
    }

    private static void collect(List<Member> targets, List<Transfer> transfers, Map<Member, String> failed) {
        for (int i = 0; i < targets.size(); i++) {
            try {
                transfers.get(i).await();
            } catch (DiskException e) {
                failed.putIfAbsent(targets.get(i), String.valueOf(e.getMessage()));
            }
        }
    }
}
