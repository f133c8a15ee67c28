package hearth.memory.region;

import hearth.base.Units;

/// Configuration counters of one side, one entry per checkpoint section in the order DEVICES, RAID, VOLUMES,
/// CONTAINERS, NETWORK, CLUSTER. Host's stand in control, the guest's in the guest file. This is one entry; entry n is
/// at n × 16.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 8 | INSTANCE | the region's instance; a counter of another region says nothing |
/// | 8 | 8 | COUNTER | moves on with every change, before the change is applied |
/// | 16 | 80 | - | the same of the other five sections |
/// | 96 | 4000 | - | zero |
public final class SectionCountersLayout {
    private SectionCountersLayout() {}

    public static final int INSTANCE_OFFSET = 0;
    public static final int COUNTER_OFFSET = INSTANCE_OFFSET + Long.BYTES;
    public static final int ENTRY_SIZE = COUNTER_OFFSET + Long.BYTES;
    public static final int SECTIONS = 6;

    /// The page that they have in the guest file.
    public static final int SIZE = Units.BLOCK_SIZE;
}
