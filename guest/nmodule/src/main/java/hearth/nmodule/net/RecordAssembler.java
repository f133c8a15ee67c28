package hearth.nmodule.net;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;

import hearth.base.Check;
import hearth.base.Units;

/// Cuts a received stream into records (RFC 5531 §11, record marking). Bytes are received straight to where the
/// record will be used: only the beginning of a record that does not fit where it began is copied once, and the
/// later fragments of a record that came in several, to close the gaps of their headers.
///
/// In the current block, from low to high: the record so far (`recordStart` to `recordEnd`), a gap where fragment
/// headers were, and bytes not yet looked at (`rawStart` to `rawEnd`). Used by the reactor's thread only.
final class RecordAssembler {
    /// Where a connection begins to receive: many small calls, or the head of a large one.
    static final int FIRST_BLOCK_BYTES = 32 * Units.KIB;

    /// Beyond a large record, so that the next one's head comes with the same system call.
    static final int SLACK_BYTES = 12 * Units.KIB;

    private static final int HEADER_BYTES = 4;
    private static final int FRAGMENTS_MAX = 4096;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final StreamBuffer buffer;
    private final int recordBytesMax;

    private Optional<Lease> block = Optional.empty();
    private int recordStart;
    private int recordEnd;
    private int rawStart;
    private int rawEnd;

    private boolean inFragment;
    private boolean lastFragment;
    private int fragmentRemaining;
    private int fragments;

    RecordAssembler(StreamBuffer buffer, int recordBytesMax) {
        this.buffer = buffer;
        this.recordBytesMax = recordBytesMax;
    }

    /// What stands in the stream next.
    sealed interface Next {
        /// A whole record. Its holder releases `lease` when it no longer needs `bytes`.
        record Whole(Lease lease, MemorySegment bytes) implements Next {}

        /// More has to be received.
        record Incomplete() implements Next {}

        /// A record over the limit, or in more fragments than anyone sends: the stream cannot be followed.
        record Excessive() implements Next {}
    }

    private static final Next INCOMPLETE = new Next.Incomplete();
    private static final Next EXCESSIVE = new Next.Excessive();

    /// Where to receive next, not empty; nothing when no memory can be had now. Who waits keeps only what it needs to
    /// keep: if all held large blocks while they wait for larger ones, all would wait for ever.
    Optional<MemorySegment> room() {
        int wanted = wantedBytes();
        if (block.isPresent()) {
            var lease = block.get();
            long size = lease.memory().byteSize();
            if (recordStart + wanted <= size && rawEnd < size) {
                return Optional.of(receivable(wanted));
            }
            if (lease.isSole() && wanted <= size) {
                moveTo(lease);
                return Optional.of(receivable(wantedBytes()));
            }
        }
        Optional<Lease> next = buffer.lease(blockBytes(wanted));
        if (next.isEmpty()) {
            shrink();
            return Optional.empty();
        }
        moveTo(next.get());
        block.ifPresent(Lease::release);
        block = next;
        return Optional.of(receivable(wantedBytes()));
    }

    /// From the end of what is there to a little beyond the current record: what belongs to later ones must fit a first
    /// block.
    private MemorySegment receivable(int wanted) {
        var memory = memory();
        long end = recordStart + Math.max((long) wanted + SLACK_BYTES, FIRST_BLOCK_BYTES);
        return memory.asSlice(rawEnd, Math.min(end, memory.byteSize()) - rawEnd);
    }

    private void shrink() {
        if (block.isEmpty()) {
            return;
        }
        var lease = block.get();
        int kept = recordEnd - recordStart + (rawEnd - rawStart);
        if (lease.isSole() && lease.memory().byteSize() > FIRST_BLOCK_BYTES && kept <= FIRST_BLOCK_BYTES) {
            moveTo(lease);
            lease.shrink(FIRST_BLOCK_BYTES);
        }
    }

    /// Bytes that the next block must have for `room` to succeed.
    int neededBytes() {
        return blockBytes(wantedBytes());
    }

    /// `count` bytes were put at the beginning of the last `room`.
    void received(int count) {
        rawEnd += count;
        Check.that(block.isPresent() && rawEnd <= block.get().memory().byteSize(), "received beyond the room", rawEnd);
        buffer.append(count);
    }

    /// The next record, if it is all there.
    Next next() {
        while (true) {
            if (!inFragment) {
                if (rawEnd - rawStart < HEADER_BYTES) {
                    return INCOMPLETE;
                }
                if (!beginFragment()) {
                    return EXCESSIVE;
                }
            }
            int count = Math.min(fragmentRemaining, rawEnd - rawStart);
            if (recordEnd != rawStart) {
                MemorySegment.copy(memory(), rawStart, memory(), recordEnd, count);
            }
            recordEnd += count;
            rawStart += count;
            fragmentRemaining -= count;
            if (fragmentRemaining > 0) {
                closeGap();
                return INCOMPLETE;
            }
            inFragment = false;
            if (lastFragment) {
                return whole();
            }
            closeGap();
        }
    }

    /// Nothing more is there now: gives the memory back unless part of a record is in it.
    void idle() {
        if (recordStart == rawEnd && !inFragment && fragments == 0) {
            block.ifPresent(Lease::release);
            block = Optional.empty();
            recordStart = 0;
            recordEnd = 0;
            rawStart = 0;
            rawEnd = 0;
        }
    }

    /// Whether memory is held for a record that is not whole.
    boolean isHolding() {
        return block.isPresent();
    }

    /// Gives the memory back; the assembler is not used again.
    void close() {
        block.ifPresent(Lease::release);
        block = Optional.empty();
    }

    private boolean beginFragment() {
        int header = memory().get(INT, rawStart);
        int length = header & Integer.MAX_VALUE;
        rawStart += HEADER_BYTES;
        if (fragments == 0) {
            recordStart = rawStart;
            recordEnd = rawStart;
        }
        if (length > recordBytesMax - (recordEnd - recordStart) || fragments == FRAGMENTS_MAX) {
            return false;
        }
        fragments++;
        inFragment = true;
        lastFragment = header < 0;
        fragmentRemaining = length;
        return true;
    }

    private Next whole() {
        var lease = block.orElseThrow();
        lease.retain();
        var bytes = lease.memory().asSlice(recordStart, recordEnd - recordStart);
        buffer.consume(bytes.byteSize() + (long) fragments * HEADER_BYTES);
        fragments = 0;
        recordStart = rawStart;
        recordEnd = rawStart;
        return new Next.Whole(lease, bytes);
    }

    /// With nothing left to look at, what comes next is received right behind the record so far.
    private void closeGap() {
        if (rawStart == rawEnd) {
            rawStart = recordEnd;
            rawEnd = recordEnd;
        }
    }

    /// Bytes from `recordStart` that are needed before `next` can get further.
    private int wantedBytes() {
        if (inFragment) {
            return recordEnd - recordStart + (rawStart - recordEnd) + fragmentRemaining;
        }
        return rawEnd - recordStart + HEADER_BYTES;
    }

    private int blockBytes(int wanted) {
        if (wanted <= FIRST_BLOCK_BYTES) {
            return FIRST_BLOCK_BYTES;
        }
        // A record in several fragments does not say how long it gets: it is moved once, not once per fragment.
        int atLeast = fragments > 0 && !(inFragment && lastFragment && fragments == 1) ? recordBytesMax : wanted;
        return Math.max(atLeast, wanted) + SLACK_BYTES;
    }

    /// Moves record and unread bytes to the beginning of `target` (which may be the current block) without a gap.
    private void moveTo(Lease target) {
        int record = recordEnd - recordStart;
        int raw = rawEnd - rawStart;
        Check.that(record + raw <= target.memory().byteSize(), "record moved to less room", record, raw);
        if (block.isPresent()) {
            MemorySegment.copy(memory(), recordStart, target.memory(), 0, record);
            MemorySegment.copy(memory(), rawStart, target.memory(), record, raw);
        }
        recordStart = 0;
        recordEnd = record;
        rawStart = record;
        rawEnd = record + raw;
    }

    private MemorySegment memory() {
        return block.orElseThrow().memory();
    }
}
