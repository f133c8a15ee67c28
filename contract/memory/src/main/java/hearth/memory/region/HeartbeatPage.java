package hearth.memory.region;

import java.lang.foreign.MemorySegment;

import hearth.base.Check;
import hearth.memory.death.DeathPoint;
import hearth.memory.death.StoreGroup;
import hearth.memory.word.Words;

/// Signs of life, boot stages, probe counts and counters of one guest. The guest writes with `set…`, `add…`, `stamp`,
/// `beat`; domain 0 reads. It outlives the guest, so the last incarnation's numbers can be read after its death; a new
/// incarnation begins with `begin`.
public final class HeartbeatPage {
    private final MemorySegment memory;

    HeartbeatPage(MemorySegment memory) {
        this.memory = memory;
    }

    /// First store of a new incarnation: forgets what its predecessor wrote.
    public void begin(long incarnation, long spawnedNs) {
        storeInt(HeartbeatLayout.STATE_OFFSET, GuestState.NONE.ordinal());
        for (int at = HeartbeatLayout.STAGES_OFFSET; at < HeartbeatLayout.SIZE; at += Long.BYTES) {
            storeLong(at, 0);
        }
        storeLong(HeartbeatLayout.LAST_PROGRESS_NS_OFFSET, spawnedNs);
        storeLong(HeartbeatLayout.OLDEST_REQUEST_NS_OFFSET, 0);
        storeLong(HeartbeatLayout.LAST_APPEND_NS_OFFSET, 0);
        storeInt(HeartbeatLayout.PLAN_OFFSET, 0);
        storeInt(HeartbeatLayout.REASON_OFFSET, 0);
        storeLong(HeartbeatLayout.INCARNATION_OFFSET, incarnation);
        stamp(BootStage.SPAWNED, spawnedNs);
        setState(GuestState.BOOTING);
    }

    public long incarnation() {
        return Words.loadLong(memory, HeartbeatLayout.INCARNATION_OFFSET);
    }

    public long sequence() {
        return Words.loadLong(memory, HeartbeatLayout.SEQUENCE_OFFSET);
    }

    public long lastProgressNs() {
        return Words.loadLong(memory, HeartbeatLayout.LAST_PROGRESS_NS_OFFSET);
    }

    public long oldestRequestNs() {
        return Words.loadLong(memory, HeartbeatLayout.OLDEST_REQUEST_NS_OFFSET);
    }

    public long lastAppendNs() {
        return Words.loadLong(memory, HeartbeatLayout.LAST_APPEND_NS_OFFSET);
    }

    /// One sign of life with what it is based on; `oldestRequestNs` 0 when nothing is unfinished.
    public void beat(long lastProgressNs, long oldestRequestNs) {
        storeLong(HeartbeatLayout.LAST_PROGRESS_NS_OFFSET, lastProgressNs);
        storeLong(HeartbeatLayout.OLDEST_REQUEST_NS_OFFSET, oldestRequestNs);
        addLong(HeartbeatLayout.SEQUENCE_OFFSET, 1);
    }

    public void setLastAppendNs(long ns) {
        storeLong(HeartbeatLayout.LAST_APPEND_NS_OFFSET, ns);
    }

    /// A word that no state has reads as NONE.
    public GuestState state() {
        int word = Words.loadInt(memory, HeartbeatLayout.STATE_OFFSET);
        GuestState[] states = GuestState.values();
        return word >= 0 && word < states.length ? states[word] : GuestState.NONE;
    }

    public void setState(GuestState state) {
        storeInt(HeartbeatLayout.STATE_OFFSET, state.ordinal());
    }

    public int plan() {
        return Words.loadInt(memory, HeartbeatLayout.PLAN_OFFSET);
    }

    public int reason() {
        return Words.loadInt(memory, HeartbeatLayout.REASON_OFFSET);
    }

    public void setPlan(int plan, int reason) {
        storeInt(HeartbeatLayout.REASON_OFFSET, reason);
        storeInt(HeartbeatLayout.PLAN_OFFSET, plan);
    }

    public void stamp(BootStage stage, long ns) {
        storeLong(HeartbeatLayout.STAGES_OFFSET + (long) stage.ordinal() * Long.BYTES, ns);
    }

    /// Monotonic time of the stage, 0 when it was not reached.
    public long stage(BootStage stage) {
        return Words.loadLong(memory, HeartbeatLayout.STAGES_OFFSET + (long) stage.ordinal() * Long.BYTES);
    }

    /// Counts one disk request before listening; `section` 0 to 5, or 6 for a read of replay.
    public void addProbe(int section) {
        addLong(probeAt(section), 1);
    }

    public long probes(int section) {
        return Words.loadLong(memory, probeAt(section));
    }

    private static long probeAt(int section) {
        Check.that(section >= 0 && section <= SectionCountersLayout.SECTIONS, "no such section", section);
        return HeartbeatLayout.PROBES_OFFSET + (long) section * Long.BYTES;
    }

    public long counter(Counter counter) {
        return Words.loadLong(memory, counterAt(counter));
    }

    public void setCounter(Counter counter, long value) {
        storeLong(counterAt(counter), value);
    }

    public void addCounter(Counter counter, long delta) {
        addLong(counterAt(counter), delta);
    }

    private static long counterAt(Counter counter) {
        return HeartbeatLayout.COUNTERS_OFFSET + (long) counter.ordinal() * Long.BYTES;
    }

    private void storeInt(long at, int value) {
        Words.storeInt(memory, at, value);
        DeathPoint.stored(StoreGroup.HEARTBEAT);
    }

    private void storeLong(long at, long value) {
        Words.storeLong(memory, at, value);
        DeathPoint.stored(StoreGroup.HEARTBEAT);
    }

    private void addLong(long at, long delta) {
        Words.addLong(memory, at, delta);
        DeathPoint.stored(StoreGroup.HEARTBEAT);
    }

    /// Calls of a procedure, and how many of them failed.
    public void setProcedure(int procedure, long calls, long errors) {
        storeLong(procedureAt(HeartbeatLayout.PROCEDURE_CALLS_OFFSET, procedure), calls);
        storeLong(procedureAt(HeartbeatLayout.PROCEDURE_ERRORS_OFFSET, procedure), errors);
    }

    public long procedureCalls(int procedure) {
        return Words.loadLong(memory, procedureAt(HeartbeatLayout.PROCEDURE_CALLS_OFFSET, procedure));
    }

    public long procedureErrors(int procedure) {
        return Words.loadLong(memory, procedureAt(HeartbeatLayout.PROCEDURE_ERRORS_OFFSET, procedure));
    }

    private static long procedureAt(int offset, int procedure) {
        Check.that(procedure >= 0 && procedure < HeartbeatLayout.PROCEDURES_MAX, "no such procedure", procedure);
        return offset + (long) procedure * Long.BYTES;
    }

    MemorySegment flushedBellWaiter() {
        return memory.asSlice(HeartbeatLayout.FLUSHED_BELL_WAITER_OFFSET, Integer.BYTES);
    }
}
