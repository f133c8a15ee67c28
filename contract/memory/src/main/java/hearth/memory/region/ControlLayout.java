package hearth.memory.region;

import hearth.base.Units;

/// What domain 0 tells its guest, after the header page of the `control` file. Domain 0 writes, the guest reads; only a
/// kill of domain 0 can tear it, and a new domain 0 makes a new region.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 8 | INSTANCE | the region's instance, random, not zero |
/// | 8 | 8 | EPOCH | moves on with every fence; ring entries of another epoch are void |
/// | 16 | 8 | INCARNATION | number of the guest that may run now |
/// | 24 | 40 | - | zero |
/// | 64 | 8 | FLUSHED_LSN | last record that the journal holds durably |
/// | 72 | 4 | FLUSHED_BELL | sequence word: rings when the flushed position or journal state moves |
/// | 76 | 52 | - | zero |
/// | 128 | 8 | WRITE_GATE | disk writes of dead incarnations still in flight |
/// | 136 | 4 | JOURNAL_STATE | 0 ok, 1 degraded: nobody flushes, consistency points make stable |
/// | 140 | 52 | - | zero |
/// | 192 | 4 | LOG_BELL_WAITER | waiter flag of the log's bell, which the guest rings |
/// | 196 | 60 | - | zero |
/// | 256 | 96 | SECTION_COUNTERS | the host's configuration counters |
/// | 352 | 32 | - | zero |
/// | 384 | 4 | BUSY_COUNT | frames listed below; raised before, lowered after the list |
/// | 388 | 4 | - | zero |
/// | 392 | 2048 | BUSY_FRAMES | 256 words: frame number + 1 with a dead guest's read in flight, or 0 |
/// | 2440 | 1656 | - | zero |
/// | 4096 | 64 | DEVICES | first of the device table's entries |
public final class ControlLayout {
    private ControlLayout() {}

    public static final int INSTANCE_OFFSET = 0;
    public static final int EPOCH_OFFSET = INSTANCE_OFFSET + Long.BYTES;
    public static final int INCARNATION_OFFSET = EPOCH_OFFSET + Long.BYTES;
    public static final int FLUSHED_LSN_OFFSET = INCARNATION_OFFSET + Long.BYTES + 40;
    public static final int FLUSHED_BELL_OFFSET = FLUSHED_LSN_OFFSET + Long.BYTES;
    public static final int WRITE_GATE_OFFSET = FLUSHED_BELL_OFFSET + Integer.BYTES + 52;
    public static final int JOURNAL_STATE_OFFSET = WRITE_GATE_OFFSET + Long.BYTES;
    public static final int LOG_BELL_WAITER_OFFSET = JOURNAL_STATE_OFFSET + Integer.BYTES + 52;
    public static final int SECTION_COUNTERS_OFFSET = LOG_BELL_WAITER_OFFSET + Integer.BYTES + 60;
    public static final int SECTION_COUNTERS_SIZE = SectionCountersLayout.SECTIONS * SectionCountersLayout.ENTRY_SIZE;
    public static final int BUSY_COUNT_OFFSET = SECTION_COUNTERS_OFFSET + SECTION_COUNTERS_SIZE + 32;
    public static final int BUSY_FRAMES_OFFSET = BUSY_COUNT_OFFSET + Integer.BYTES + 4;
    public static final int BUSY_FRAMES_MAX = 256;
    public static final int BUSY_FRAMES_SIZE = BUSY_FRAMES_MAX * Long.BYTES;
    public static final int DEVICES_OFFSET = BUSY_FRAMES_OFFSET + BUSY_FRAMES_SIZE + 1656;
    public static final int DEVICES_SIZE = DeviceLayout.SIZE;

    /// Bytes for a table of `disksMax` devices.
    public static long bytes(int disksMax) {
        return Units.roundUp(DEVICES_OFFSET + (long) disksMax * DeviceLayout.SIZE, Units.BLOCK_SIZE);
    }
}
