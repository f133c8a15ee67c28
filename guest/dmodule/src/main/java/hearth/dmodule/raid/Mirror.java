package hearth.dmodule.raid;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;

import hearth.base.Check;
import hearth.base.Clock;
import hearth.base.Event;
import hearth.base.Units;
import hearth.dmodule.disk.DiskException;
import hearth.dmodule.disk.DiskFrontEnd;
import hearth.dmodule.disk.DiskMemory;
import hearth.dmodule.disk.DiskRequest;
import hearth.dmodule.disk.Staging;
import hearth.memory.ring.DiskOp;

/// Every member holds every block: vbn n at the disk block data start + n.
///
/// A read goes to one member. What it cannot give, or gives with a wrong checksum, is read from the others, and put
/// right where it was wrong. A write goes to all in sync; one that fails leaves the group before the write counts.
public final class Mirror implements RaidSystem {
    /// Reads of one stretch of this many blocks go to one member, so that its host reads ahead.
    private static final int STRETCH_SHIFT = 8;

    private final DiskFrontEnd front;
    private final MirrorGroup group;
    private final MirrorRepair repair;
    private final long dataStart;
    private final long blocks;
    private final RaidStatistics statistics = new RaidStatistics();
    private final AtomicIntegerArray readsUnderWay;

    /// What a mirror is given besides its disks.
    ///
    /// @param incarnation stands in labels as their writer
    /// @param random for ids of label generations
    public record Setting(
            long incarnation,
            RandomGenerator random,
            Clock clock,
            Event.Sink events,
            MembershipListener listener) {}

    private Mirror(DiskFrontEnd front, RaidState state, Setting setting) {
        this.front = front;
        this.dataStart = state.dataStart();
        this.blocks = state.dataBlocks();
        this.readsUnderWay = new AtomicIntegerArray(state.members().size());
        this.group = new MirrorGroup(front, state, setting, statistics);
        this.repair = new MirrorRepair(front, group, dataStart, statistics);
    }

    /// Opens an assembled or a restored group. With `moveOn` the labels are written first, a generation on; without,
    /// no disk is touched.
    public static Mirror open(DiskFrontEnd front, RaidState state, boolean moveOn, Setting setting)
            throws RaidException {
        Mirror mirror = new Mirror(front, state, setting);
        if (moveOn) {
            mirror.group.moveOn();
        }
        return mirror;
    }

    @Override
    public long blocks() {
        return blocks;
    }

    @Override
    public Staging staging(int count) {
        return front.staging(count);
    }

    long dbn(long vbn, int count) {
        Check.that(vbn >= 0 && count > 0 && vbn + count <= blocks, "vbn outside of the aggregate", vbn, blocks);
        return dataStart + vbn;
    }

    @Override
    public void read(long vbn, DiskMemory to, int... crcs) throws RaidException {
        int count = to.blocks();
        Check.that(crcs.length == 0 || crcs.length == count, "a checksum for each block", crcs.length, count);
        long dbn = dbn(vbn, count);
        List<Member> members = group.inSync();
        Member first = choose(members, vbn);
        BitSet wrong = new BitSet(count);
        boolean readable = tryRead(first, dbn, to);
        if (readable) {
            judge(to, 0, crcs, wrong);
            if (wrong.isEmpty()) {
                return;
            }
        } else {
            wrong.set(0, count);
        }
        BitSet toRepair = (BitSet) wrong.clone();
        for (Member other : members) {
            if (other != first && !wrong.isEmpty()) {
                readable |= readAgain(other, dbn, to, crcs, wrong);
            }
        }
        if (!wrong.isEmpty()) {
            throw new RaidException(
                    readable ? RaidException.Kind.DAMAGED : RaidException.Kind.UNREADABLE,
                    vbn + wrong.nextSetBit(0),
                    members.size() + " members were asked for " + wrong.cardinality() + " blocks");
        }
        if (crcs.length > 0) {
            toRepair.stream().forEach(i -> repair.want(first, vbn + i, crcs[i]));
            repair.run();
        }
    }

    /// The member with fewer reads under way; between equals, stretches take turns.
    private Member choose(List<Member> members, long vbn) {
        int size = members.size();
        int start = (int) ((vbn >>> STRETCH_SHIFT) % size);
        Member best = members.get(start);
        for (int i = 1; i < size; i++) {
            Member other = members.get((start + i) % size);
            if (readsUnderWay.get(other.position()) < readsUnderWay.get(best.position())) {
                best = other;
            }
        }
        return best;
    }

    private boolean tryRead(Member member, long dbn, DiskMemory to) {
        readsUnderWay.getAndIncrement(member.position());
        try {
            front.submit(new DiskRequest(DiskOp.READ, member.disk(), dbn, to.blocks(), to)).await();
            return true;
        } catch (DiskException e) {
            statistics.readErrors.increment();
            return false;
        } finally {
            readsUnderWay.getAndDecrement(member.position());
        }
    }

    /// Reads the blocks in `wrong` from another member, one by one, and takes those that are right out of `wrong`. Says
    /// whether any could be read at all.
    private boolean readAgain(Member other, long dbn, DiskMemory to, int[] crcs, BitSet wrong) {
        boolean readable = false;
        for (int i = wrong.nextSetBit(0); i >= 0; i = wrong.nextSetBit(i + 1)) {
            DiskMemory slice = to.slice(i, 1);
            if (tryRead(other, dbn + i, slice)) {
                readable = true;
                wrong.clear(i);
                judge(slice, i, crcs, wrong);
            }
        }
        return readable;
    }

    private void judge(DiskMemory read, int firstBlock, int[] crcs, BitSet wrong) {
        for (int i = 0; i < read.blocks() && crcs.length > 0; i++) {
            if (checksum(read.slice(i, 1)) != crcs[firstBlock + i]) {
                wrong.set(firstBlock + i);
                statistics.mismatches.increment();
            }
        }
    }

    static int checksum(DiskMemory block) {
        CRC32C crc = new CRC32C();
        crc.update(block.bytes().asByteBuffer());
        return (int) crc.getValue();
    }

    @Override
    public WriteBatch batch() {
        return new MirrorBatch(this, front, group, repair);
    }

    @Override
    public void flush() throws RaidException {
        group.flush();
    }

    @Override
    public void writeRoot(long dbn, byte[] block) throws RaidException {
        Check.that(dbn > 0 && dbn < dataStart, "a root stands before the data area", dbn);
        Check.that(block.length == Units.BLOCK_SIZE, "a root is one block", block.length);
        group.writeRoot(dbn, block);
    }

    @Override
    public List<byte[]> readRoots(long dbn) throws RaidException {
        List<Member> members = group.inSync();
        List<byte[]> copies = new ArrayList<>();
        for (Member member : members) {
            try (Staging staging = front.staging(1)) {
                if (tryRead(member, dbn, staging.memory())) {
                    copies.add(staging.memory().bytes().toArray(ValueLayout.JAVA_BYTE));
                }
            }
        }
        if (copies.isEmpty()) {
            throw new RaidException(RaidException.Kind.UNREADABLE, -1, "no member could read its block " + dbn);
        }
        return copies;
    }

    @Override
    public boolean isFormatted() {
        return group.state().formatted();
    }

    @Override
    public void markFormatted() throws RaidException {
        group.markFormatted();
    }

    @Override
    public RaidState state() {
        return group.state();
    }

    @Override
    public RaidStatistics statistics() {
        return statistics;
    }
}
