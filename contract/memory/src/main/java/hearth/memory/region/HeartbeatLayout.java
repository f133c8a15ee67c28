package hearth.memory.region;

import hearth.base.Units;

/// How a guest is doing. The guest writes, domain 0 reads and believes nothing it does not check. One page.
///
/// | OFFSET | SIZE | NAME | DESCRIPTION |
/// |---|---|---|---|
/// | 0 | 8 | SEQUENCE | moves on with every sign of life |
/// | 8 | 8 | LAST_PROGRESS_NS | monotonic time of the last finished piece of work |
/// | 16 | 8 | OLDEST_REQUEST_NS | monotonic time at which the oldest unfinished request came, 0: none |
/// | 24 | 8 | LAST_APPEND_NS | monotonic time of the last log record |
/// | 32 | 8 | INCARNATION | the guest that wrote this page |
/// | 40 | 4 | STATE | ordinal of the guest's state |
/// | 44 | 4 | PLAN | boot plan: 0 none, 1 fast, 2 partial, 3 conventional |
/// | 48 | 4 | REASON | why this plan; the guest's own code |
/// | 52 | 12 | - | zero |
/// | 64 | 4 | FLUSHED_BELL_WAITER | waiter flag of control's flushed bell |
/// | 68 | 60 | - | zero |
/// | 128 | 128 | STAGES | monotonic times of boot stages by ordinal, 0: not reached |
/// | 256 | 64 | PROBES | disk requests before listening: six sections, replay, spare |
/// | 320 | 704 | - | zero |
/// | 1024 | 1024 | COUNTERS | 128 named longs by ordinal |
/// | 2048 | 256 | PROCEDURE_CALLS | 32 longs: calls by the protocol's number of the procedure |
/// | 2304 | 256 | PROCEDURE_ERRORS | 32 longs: those of them that failed |
/// | 2560 | 1536 | - | zero |
public final class HeartbeatLayout {
    private HeartbeatLayout() {}

    public static final int SEQUENCE_OFFSET = 0;
    public static final int LAST_PROGRESS_NS_OFFSET = SEQUENCE_OFFSET + Long.BYTES;
    public static final int OLDEST_REQUEST_NS_OFFSET = LAST_PROGRESS_NS_OFFSET + Long.BYTES;
    public static final int LAST_APPEND_NS_OFFSET = OLDEST_REQUEST_NS_OFFSET + Long.BYTES;
    public static final int INCARNATION_OFFSET = LAST_APPEND_NS_OFFSET + Long.BYTES;
    public static final int STATE_OFFSET = INCARNATION_OFFSET + Long.BYTES;
    public static final int PLAN_OFFSET = STATE_OFFSET + Integer.BYTES;
    public static final int REASON_OFFSET = PLAN_OFFSET + Integer.BYTES;
    public static final int FLUSHED_BELL_WAITER_OFFSET = REASON_OFFSET + Integer.BYTES + 12;
    public static final int STAGES_OFFSET = FLUSHED_BELL_WAITER_OFFSET + Integer.BYTES + 60;
    public static final int STAGES_MAX = 16;
    public static final int STAGES_SIZE = STAGES_MAX * Long.BYTES;
    public static final int PROBES_OFFSET = STAGES_OFFSET + STAGES_SIZE;
    public static final int PROBES_MAX = 8;
    public static final int PROBES_SIZE = PROBES_MAX * Long.BYTES;
    public static final int COUNTERS_OFFSET = PROBES_OFFSET + PROBES_SIZE + 704;
    public static final int COUNTERS_MAX = 128;
    public static final int COUNTERS_SIZE = COUNTERS_MAX * Long.BYTES;
    public static final int PROCEDURES_MAX = 32;
    public static final int PROCEDURE_CALLS_OFFSET = COUNTERS_OFFSET + COUNTERS_SIZE;
    public static final int PROCEDURE_CALLS_SIZE = PROCEDURES_MAX * Long.BYTES;
    public static final int PROCEDURE_ERRORS_OFFSET = PROCEDURE_CALLS_OFFSET + PROCEDURE_CALLS_SIZE;
    public static final int PROCEDURE_ERRORS_SIZE = PROCEDURES_MAX * Long.BYTES;

    /// The page that it has to itself.
    public static final int SIZE = Units.BLOCK_SIZE;
}
