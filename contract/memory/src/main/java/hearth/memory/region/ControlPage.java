package hearth.memory.region;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

import hearth.base.Check;
import hearth.memory.bell.Doorbell;
import hearth.memory.label.DiskId;
import hearth.memory.word.Words;

/// Words that domain 0 writes and its guest reads. Methods named `set…`, `add…`, `clear…` and `put…` are domain 0's; in
/// a guest the mapping is read-only and they fail. Everything here survives the guest.
public final class ControlPage implements BusyFrames {
    private final MemorySegment memory;
    private final int disksMax;

    ControlPage(MemorySegment memory, int disksMax) {
        this.memory = memory;
        this.disksMax = disksMax;
    }

    public long instance() {
        return Words.loadLong(memory, ControlLayout.INSTANCE_OFFSET);
    }

    void setInstance(long instance) {
        Words.storeLong(memory, ControlLayout.INSTANCE_OFFSET, instance);
    }

    public long epoch() {
        return Words.loadLong(memory, ControlLayout.EPOCH_OFFSET);
    }

    public void setEpoch(long epoch) {
        Check.that(epoch > epoch(), "the epoch only grows", epoch, epoch());
        Words.storeVolatileLong(memory, ControlLayout.EPOCH_OFFSET, epoch);
    }

    public long incarnation() {
        return Words.loadLong(memory, ControlLayout.INCARNATION_OFFSET);
    }

    public void setIncarnation(long incarnation) {
        Check.that(incarnation > incarnation(), "incarnations only grow", incarnation, incarnation());
        Words.storeLong(memory, ControlLayout.INCARNATION_OFFSET, incarnation);
    }

    public long flushedLsn() {
        return Words.loadLong(memory, ControlLayout.FLUSHED_LSN_OFFSET);
    }

    /// The journal holds every record up to here, durably. Ring `flushedBell` afterwards.
    public void setFlushedLsn(long lsn) {
        Check.that(lsn >= flushedLsn(), "the flushed position never goes back", lsn, flushedLsn());
        Words.storeLong(memory, ControlLayout.FLUSHED_LSN_OFFSET, lsn);
    }

    public JournalState journalState() {
        return Words.loadInt(memory, ControlLayout.JOURNAL_STATE_OFFSET) == JournalState.OK.ordinal()
                ? JournalState.OK
                : JournalState.DEGRADED;
    }

    /// Ring `flushedBell` afterwards.
    public void setJournalState(JournalState state) {
        Words.storeInt(memory, ControlLayout.JOURNAL_STATE_OFFSET, state.ordinal());
    }

    /// Disk writes of dead incarnations that are still in flight; while it is not 0 nothing is read that they may hit.
    public long writeGate() {
        return Words.loadLong(memory, ControlLayout.WRITE_GATE_OFFSET);
    }

    public void setWriteGate(long writes) {
        Check.that(writes >= 0, "the write gate counts writes", writes);
        Words.storeLong(memory, ControlLayout.WRITE_GATE_OFFSET, writes);
    }

    /// One write of a dead incarnation has ended.
    public void clearGatedWrite() {
        long before = Words.addLong(memory, ControlLayout.WRITE_GATE_OFFSET, -1);
        Check.that(before > 0, "more writes ended than were in flight", before);
    }

    /// The host's configuration counters.
    public SectionCounters hostCounters() {
        return new SectionCounters(
                memory.asSlice(ControlLayout.SECTION_COUNTERS_OFFSET, ControlLayout.SECTION_COUNTERS_SIZE));
    }

    MemorySegment flushedBellWord() {
        return memory.asSlice(ControlLayout.FLUSHED_BELL_OFFSET, Integer.BYTES);
    }

    /// The bell that the guest's log writer rings and domain 0's flusher waits at. `sequence` is the bell's word in
    /// the log's own page, in the guest file.
    public Doorbell logBell(MemorySegment sequence) {
        return new Doorbell(sequence, memory.asSlice(ControlLayout.LOG_BELL_WAITER_OFFSET, Integer.BYTES));
    }

    @Override
    public boolean isBusy(long frame) {
        if (Words.loadInt(memory, ControlLayout.BUSY_COUNT_OFFSET) == 0) {
            return false;
        }
        for (int i = 0; i < ControlLayout.BUSY_FRAMES_MAX; i++) {
            if (Words.loadLong(memory, busyAt(i)) == frame + 1) {
                return true;
            }
        }
        return false;
    }

    public int busyFrames() {
        return Words.loadInt(memory, ControlLayout.BUSY_COUNT_OFFSET);
    }

    /// Lists a frame, before the next guest exists. False when the list is full: then the next guest must wait for the
    /// reads instead.
    public boolean addBusyFrame(long frame) {
        for (int i = 0; i < ControlLayout.BUSY_FRAMES_MAX; i++) {
            if (Words.loadLong(memory, busyAt(i)) == 0) {
                Words.addInt(memory, ControlLayout.BUSY_COUNT_OFFSET, 1);
                Words.storeLong(memory, busyAt(i), frame + 1);
                return true;
            }
        }
        return false;
    }

    /// The read into the frame has ended. One entry per call: two reads into one frame are two entries.
    public void clearBusyFrame(long frame) {
        for (int i = 0; i < ControlLayout.BUSY_FRAMES_MAX; i++) {
            if (Words.loadLong(memory, busyAt(i)) == frame + 1) {
                Words.storeLong(memory, busyAt(i), 0);
                Words.addInt(memory, ControlLayout.BUSY_COUNT_OFFSET, -1);
                return;
            }
        }
        throw Check.failed("cleared a frame that was not busy: " + frame);
    }

    private static long busyAt(int index) {
        return ControlLayout.BUSY_FRAMES_OFFSET + (long) index * Long.BYTES;
    }

    public int disksMax() {
        return disksMax;
    }

    /// Writes one entry of the device table and moves its generation on. The caller marks the host's DEVICES counter
    /// before.
    public void putDevice(int slot, DiskId id, long sizeBlocks, Device.State state) {
        long at = deviceAt(slot);
        long generation = Math.abs(Words.loadLong(memory, at + DeviceLayout.GENERATION_OFFSET));
        Words.storeLong(memory, at + DeviceLayout.GENERATION_OFFSET, -(generation + 1));
        Words.storeFence();
        Words.storeLong(memory, at + DeviceLayout.ID_HIGH_OFFSET, id.high());
        Words.storeLong(memory, at + DeviceLayout.ID_LOW_OFFSET, id.low());
        Words.storeLong(memory, at + DeviceLayout.SIZE_BLOCKS_OFFSET, sizeBlocks);
        Words.storeInt(memory, at + DeviceLayout.STATE_OFFSET, state.ordinal());
        // Release, and last: a reader that meets the entry before this line tries again.
        Words.storeLong(memory, at + DeviceLayout.GENERATION_OFFSET, generation + 1);
    }

    /// One entry, whole. An empty one is `State.EMPTY`.
    public Device device(int slot) {
        long at = deviceAt(slot);
        while (true) {
            long generation = Words.loadLong(memory, at + DeviceLayout.GENERATION_OFFSET);
            DiskId id = new DiskId(
                    Words.loadLong(memory, at + DeviceLayout.ID_HIGH_OFFSET),
                    Words.loadLong(memory, at + DeviceLayout.ID_LOW_OFFSET));
            long sizeBlocks = Words.loadLong(memory, at + DeviceLayout.SIZE_BLOCKS_OFFSET);
            int state = Words.loadInt(memory, at + DeviceLayout.STATE_OFFSET);
            Words.loadFence();
            if (generation >= 0 && Words.loadLong(memory, at + DeviceLayout.GENERATION_OFFSET) == generation) {
                Check.that(state >= 0 && state < Device.State.values().length, "device state", state);
                return new Device(slot, id, generation, sizeBlocks, Device.State.values()[state]);
            }
            Thread.onSpinWait();
        }
    }

    /// All entries that are not empty, by slot.
    public List<Device> devices() {
        List<Device> devices = new ArrayList<>();
        for (int slot = 0; slot < disksMax; slot++) {
            Device device = device(slot);
            if (device.state() != Device.State.EMPTY) {
                devices.add(device);
            }
        }
        return devices;
    }

    private long deviceAt(int slot) {
        Check.that(slot >= 0 && slot < disksMax, "no such device slot", slot, disksMax);
        return ControlLayout.DEVICES_OFFSET + (long) slot * DeviceLayout.SIZE;
    }
}
