package hearth.dmodule.filesystem;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

import hearth.base.Check;
import hearth.dmodule.filesystem.consistency.CommitLog;
import hearth.dmodule.filesystem.core.FsState;

import static hearth.base.Units.BLOCK_SIZE;

/// A log in the heap: effects to replay and payload blocks, both gone once they are durable elsewhere. Survives the
/// guest of a test as the region would.
final class HeapLog implements CommitLog {
    @FunctionalInterface
    interface Logged {
        void apply(FsState state);
    }

    private final ConcurrentSkipListMap<Long, Logged> records = new ConcurrentSkipListMap<>();
    private final Map<Long, byte[]> payloads = new ConcurrentHashMap<>();
    private volatile long lastLsn;

    /// By one thread, beside consistency points on another.
    long append(Logged effect) {
        long lsn = lastLsn + 1;
        records.put(lsn, effect);
        lastLsn = lsn;
        return lsn;
    }

    /// Reference of a payload block of the record that is appended next.
    long putPayload(int index, byte[] bytes) {
        long ref = lastLsn + 1 << 16 | index;
        payloads.put(ref, bytes.clone());
        return ref;
    }

    byte[] payload(long ref) {
        byte[] bytes = payloads.get(ref);
        Check.that(bytes != null, "payload of a freed half", ref);
        return bytes;
    }

    /// The same, when a consistency point may be freeing it.
    Optional<byte[]> payloadIfThere(long ref) {
        return Optional.ofNullable(payloads.get(ref));
    }

    int replay(long afterLsn, FsState state) {
        var tail = records.tailMap(afterLsn, false);
        tail.values().forEach(record -> record.apply(state));
        return tail.size();
    }

    @Override
    public long freeze(long generation) {
        return lastLsn;
    }

    @Override
    public void durable(long durableLsn, long generation) {
        records.headMap(durableLsn, true).clear();
        payloads.keySet().removeIf(ref -> ref >>> 16 <= durableLsn);
    }

    @Override
    public void copyPayload(long payloadRef, MemorySegment to, long toOffset) {
        MemorySegment.copy(payload(payloadRef), 0, to, ValueLayout.JAVA_BYTE, toOffset, BLOCK_SIZE);
    }
}
