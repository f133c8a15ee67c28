package hearth.memory.duplicates;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.CRC32C;

import hearth.base.Check;
import hearth.memory.area.AreaMemory;
import hearth.memory.death.StoreGroup;
import hearth.memory.log.CallIdentity;
import hearth.memory.log.RecordLayout;

/// The duplicate-request table in the region: 8-way sets by client and xid; the entry with the lowest LSN gives way.
/// One thread at a time writes; any number read.
///
/// Invariant: what is read is an entry exactly as it was put, or nothing: a torn, stale or damaged one is ignored.
public final class DuplicateTable {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /// By how much a table's LSNs can lie before one that is put again after a death.
    private static final long AHEAD_MAX = 1L << 32;

    private final AreaMemory memory;
    private final int sets;
    private final long seed;
    private final LongAdder refused = new LongAdder();

    /// `entries`, a multiple of eight, comes from the region's geometry; `seed` is the region instance.
    public DuplicateTable(MemorySegment memory, int entries, long seed) {
        this(new AreaMemory(memory, StoreGroup.DUPLICATES), entries, seed);
    }

    DuplicateTable(AreaMemory memory, int entries, long seed) {
        long needed = DuplicateTableLayout.sizeBytes(entries);
        Check.that(memory.sizeBytes() >= needed, "duplicate table is too small", memory.sizeBytes());
        this.memory = memory;
        this.sets = entries / DuplicateTableLayout.WAYS;
        this.seed = seed;
    }

    /// What the table knows of a call.
    public sealed interface Lookup {
        /// The first answer, and the LSN of the record that held it.
        record Answered(long lsn, byte[] reply) implements Lookup {}

        record Unknown() implements Lookup {}
    }

    private static final Lookup UNKNOWN = new Lookup.Unknown();

    /// Keeps the answer of the call that record `lsn` held. Putting the same again changes nothing that is read.
    public void put(CallIdentity call, long lsn, byte[] reply) {
        Check.that(call.isPresent(), "a call without a client has no duplicate");
        Check.that(reply.length <= RecordLayout.REPLY_BYTES_MAX, "reply is too long", reply.length);
        long at = victim(call, lsn);
        if (at < 0) {
            return;
        }
        byte[] image = image(call, lsn, reply);
        long before = Math.abs(memory.getLong(at + DuplicateTableLayout.GENERATION_OFFSET));
        long generation = before == Long.MAX_VALUE ? 1 : before + 1;
        memory.putLongFirst(at + DuplicateTableLayout.GENERATION_OFFSET, -generation);
        int from = DuplicateTableLayout.LSN_OFFSET;
        memory.copyIn(image, from, at + from, image.length - from);
        memory.putLongRelease(at + DuplicateTableLayout.GENERATION_OFFSET, generation);
    }

    /// The first answer to exactly this call: client, xid and checksum.
    public Lookup get(CallIdentity call) {
        long set = setOffset(call);
        for (int way = 0; way < DuplicateTableLayout.WAYS; way++) {
            long at = set + (long) way * DuplicateTableLayout.SIZE;
            if (memory.getInt(at + DuplicateTableLayout.XID_OFFSET) != call.xid()) {
                continue;
            }
            Entry entry = read(at);
            if (entry.call.equals(call)) {
                return new Lookup.Answered(entry.lsn, entry.reply);
            }
        }
        return UNKNOWN;
    }

    /// Entries that were looked at and found damaged, by this object.
    public long refused() {
        return refused.sum();
    }

    private record Entry(CallIdentity call, long lsn, byte[] reply) {}

    private static final Entry EMPTY = new Entry(CallIdentity.NONE, 0, new byte[0]);

    /// The entry of the same client and xid if there is one, else an empty one, else that with the lowest LSN; -1 when
    /// the same client and xid has a newer record there already.
    private long victim(CallIdentity call, long lsn) {
        long set = setOffset(call);
        long lowest = Long.MAX_VALUE;
        long victim = set;
        for (int way = 0; way < DuplicateTableLayout.WAYS; way++) {
            long at = set + (long) way * DuplicateTableLayout.SIZE;
            boolean live = memory.getLongAcquire(at + DuplicateTableLayout.GENERATION_OFFSET) > 0;
            if (live && memory.getInt(at + DuplicateTableLayout.XID_OFFSET) == call.xid()) {
                Entry entry = read(at);
                if (entry.call.sameXid(call)) {
                    return entry.lsn > lsn ? -1 : at;
                }
            }
            long here = live ? memory.getLong(at + DuplicateTableLayout.LSN_OFFSET) : 0;
            if (here > lsn + AHEAD_MAX) {
                // Nobody has put that: an entry that was overwritten must not keep its place for ever.
                here = 0;
            }
            if (here < lowest) {
                lowest = here;
                victim = at;
            }
        }
        return victim;
    }

    private Entry read(long at) {
        long generation = memory.getLongAcquire(at + DuplicateTableLayout.GENERATION_OFFSET);
        if (generation <= 0) {
            return EMPTY;
        }
        byte[] image = new byte[DuplicateTableLayout.SIZE];
        memory.copyOut(at, image, 0, image.length);
        AreaMemory.loadFence();
        if (memory.getLongAcquire(at + DuplicateTableLayout.GENERATION_OFFSET) != generation) {
            return EMPTY;
        }
        int length = (int) INTS.get(image, DuplicateTableLayout.REPLY_LENGTH_OFFSET);
        if (length < 0 || length > RecordLayout.REPLY_BYTES_MAX) {
            refused.increment();
            return EMPTY;
        }
        int end = DuplicateTableLayout.REPLY_OFFSET + length;
        if ((int) INTS.get(image, DuplicateTableLayout.CRC_OFFSET) != crc(image, end)) {
            refused.increment();
            return EMPTY;
        }
        var call = new CallIdentity(
                (long) LONGS.get(image, DuplicateTableLayout.CLIENT_HIGH_OFFSET),
                (long) LONGS.get(image, DuplicateTableLayout.CLIENT_LOW_OFFSET),
                (int) INTS.get(image, DuplicateTableLayout.ADDRESS_LENGTH_OFFSET),
                (int) INTS.get(image, DuplicateTableLayout.XID_OFFSET),
                (long) LONGS.get(image, DuplicateTableLayout.CALL_CHECKSUM_OFFSET));
        return new Entry(call, (long) LONGS.get(image, DuplicateTableLayout.LSN_OFFSET),
                Arrays.copyOfRange(image, DuplicateTableLayout.REPLY_OFFSET, end));
    }

    private byte[] image(CallIdentity call, long lsn, byte[] reply) {
        byte[] image = new byte[DuplicateTableLayout.REPLY_OFFSET + reply.length];
        LONGS.set(image, DuplicateTableLayout.LSN_OFFSET, lsn);
        LONGS.set(image, DuplicateTableLayout.CLIENT_HIGH_OFFSET, call.clientHigh());
        LONGS.set(image, DuplicateTableLayout.CLIENT_LOW_OFFSET, call.clientLow());
        LONGS.set(image, DuplicateTableLayout.CALL_CHECKSUM_OFFSET, call.callChecksum());
        INTS.set(image, DuplicateTableLayout.XID_OFFSET, call.xid());
        INTS.set(image, DuplicateTableLayout.ADDRESS_LENGTH_OFFSET, call.addressLength());
        INTS.set(image, DuplicateTableLayout.REPLY_LENGTH_OFFSET, reply.length);
        System.arraycopy(reply, 0, image, DuplicateTableLayout.REPLY_OFFSET, reply.length);
        INTS.set(image, DuplicateTableLayout.CRC_OFFSET, crc(image, image.length));
        return image;
    }

    /// Over the seed, then the entry from its LSN to the end of its reply with the CRC skipped.
    private int crc(byte[] image, int end) {
        byte[] prefix = new byte[Long.BYTES];
        LONGS.set(prefix, 0, seed);
        var crc = new CRC32C();
        crc.update(prefix, 0, prefix.length);
        int from = DuplicateTableLayout.LSN_OFFSET;
        crc.update(image, from, DuplicateTableLayout.CRC_OFFSET - from);
        int rest = DuplicateTableLayout.CRC_OFFSET + Integer.BYTES;
        crc.update(image, rest, end - rest);
        return (int) crc.getValue();
    }

    private long setOffset(CallIdentity call) {
        long set = Long.remainderUnsigned(call.hash(), sets);
        return set * DuplicateTableLayout.WAYS * DuplicateTableLayout.SIZE;
    }
}
