package hearth.memory.log;

import java.lang.foreign.MemorySegment;

import hearth.base.Check;
import hearth.memory.area.AreaMemory;

/// The guest's end of the log: claims, fills and commits one record at a time, and switches halves. One thread at a
/// time, under the file system's lock, so records stand in the order in which they are applied.
///
/// Invariants: at most one claim is open; LSNs have no gaps; the committed LSN is that of the last commit.
public final class LogWriter {
    private final LogArea area;
    private final AreaMemory memory;
    private final long incarnation;
    private int half;
    private HalfHeader header;
    private long position;
    private long nextLsn;
    private boolean claimOpen;

    /// Continues behind `end`, the place that a walk over all committed records found: whatever stands beyond it was
    /// never acknowledged and is overwritten.
    public LogWriter(LogArea area, long incarnation, LogReader.Position end) {
        this.area = area;
        this.memory = area.memory();
        this.incarnation = incarnation;
        this.half = end.half();
        this.position = end.bytes();
        this.nextLsn = end.nextLsn();
        this.header = area.half(half).orElseThrow(() -> Check.failed("the log's end lies in a void half"));
        Check.that(half == area.activeHalf(), "the log's end lies in a half that is not active", half);
        Check.that(header.generation() == end.halfGeneration(), "the half changed", end.halfGeneration());
        // Raised where the host had flushed more than the word says.
        if (area.committedLsn() != nextLsn - 1) {
            memory.putLongRelease(LogLayout.COMMITTED_LSN_OFFSET, nextLsn - 1);
        }
    }

    /// Begins anew at `nextLsn` when records before it were lost or lie in a half that cannot be walked: all of them
    /// are durable or declared lost, `durable` has said so, and both halves are free. `clear` empties what belongs to
    /// half 0, which becomes the active one. A guest killed on the way leaves a log without a half, and its successor,
    /// which finds everything durable, does the same.
    public static LogWriter startOver(LogArea area, long incarnation, long nextLsn, Runnable clear) {
        Check.that(area.durableLsn() == nextLsn - 1, "records would be dropped", area.durableLsn(), nextLsn);
        long cpGeneration = nextLsn;
        for (int half = 0; half < 2; half++) {
            cpGeneration = Math.max(cpGeneration, area.half(half).map(HalfHeader::cpGeneration).orElse(0L) + 1);
        }
        area.voidHalf(0);
        area.voidHalf(1);
        clear.run();
        area.openHalf(0, nextLsn, cpGeneration);
        area.memory().putLongRelease(LogLayout.ACTIVE_HALF_OFFSET, 0);
        HalfHeader opened = area.half(0).orElseThrow(() -> Check.failed("a half that was just opened is void"));
        var end = new LogReader.Position(0, opened.generation(), 0, nextLsn);
        return new LogWriter(area, incarnation, end);
    }

    /// Room for a record, or not in this half.
    public sealed interface Claim {
        record Claimed(OpenRecord record) implements Claim {}

        record HalfFull() implements Claim {}
    }

    /// A record being written: payload in any number of pieces, then header and body, then `commit`.
    public final class OpenRecord {
        private final long lsn;
        private final long at;
        private final int bodyLength;
        private final int payloadLength;

        private OpenRecord(long lsn, long at, int bodyLength, int payloadLength) {
            this.lsn = lsn;
            this.at = at;
            this.bodyLength = bodyLength;
            this.payloadLength = payloadLength;
        }

        public long lsn() {
            return lsn;
        }

        public int half() {
            return half;
        }

        public long halfGeneration() {
            return header.generation();
        }

        /// Bytes from the half's start to the record's.
        public long position() {
            return at;
        }

        /// Bytes from the half's start to the payload.
        public long payloadPosition() {
            return at + RecordCodec.payloadOffset(bodyLength);
        }

        /// Copies `length` bytes of payload to `to` bytes from the payload's start.
        public void payload(int to, MemorySegment from, long fromOffset, int length) {
            Check.that(to >= 0 && length >= 0 && to + length <= payloadLength, "outside the payload", to, length);
            memory.copyIn(from, fromOffset, area.offset(half, payloadPosition() + to), length);
        }

        /// Header and body; `image` has the body, reply first, from byte 128 on, and is overwritten before it.
        public void fill(short type, short flags, CallIdentity call, byte[] image, int replyLength) {
            var meta = new RecordHeader(lsn, incarnation, header.cpGeneration(), type, flags, 0, bodyLength,
                    payloadLength, replyLength, call);
            RecordCodec.encode(meta, image, area.seed());
            memory.copyIn(image, 0, area.offset(half, at), RecordLayout.HEADER_BYTES + bodyLength);
        }

        /// Publishes the record. A guest killed before the second store leaves it beyond the end of the log.
        public void commit() {
            Check.that(claimOpen && lsn == nextLsn, "commit of a record that is not claimed", lsn);
            memory.putLongRelease(area.offset(half, at) + RecordLayout.COMMIT_OFFSET, lsn);
            memory.putLongRelease(LogLayout.COMMITTED_LSN_OFFSET, lsn);
            position = at + RecordCodec.length(bodyLength, payloadLength);
            nextLsn++;
            claimOpen = false;
        }
    }

    /// Takes the next LSN for a record of these lengths. The claim must be filled and committed before the next.
    public Claim claim(int bodyLength, int payloadLength) {
        Check.that(!claimOpen, "a claim is open already", nextLsn);
        if (!fits(bodyLength, payloadLength)) {
            return new Claim.HalfFull();
        }
        claimOpen = true;
        // A commit word of an earlier lap or a dead incarnation is void before anything else changes.
        memory.putLongFirst(area.offset(half, position) + RecordLayout.COMMIT_OFFSET, 0);
        return new Claim.Claimed(new OpenRecord(nextLsn, position, bodyLength, payloadLength));
    }

    /// True when a record of these lengths has room in the active half.
    public boolean fits(int bodyLength, int payloadLength) {
        return RecordCodec.length(bodyLength, payloadLength) <= area.halfBytes() - position;
    }

    /// True when a durable consistency point includes all records of the half that is not active.
    public boolean otherHalfFree() {
        return header.startLsn() - 1 <= area.durableLsn();
    }

    /// Declares the free half void and runs `clear` (which empties what belongs to that half), then opens it and moves
    /// there. `cpGeneration` differs from the one in use.
    public void switchHalf(long cpGeneration, Runnable clear) {
        Check.that(!claimOpen, "halves are switched under an open claim", nextLsn);
        Check.that(otherHalfFree(), "the other half is not free", header.startLsn(), area.durableLsn());
        Check.that(cpGeneration > header.cpGeneration(), "consistency point number moves back", cpGeneration);
        int to = 1 - half;
        area.voidHalf(to);
        clear.run();
        area.openHalf(to, nextLsn, cpGeneration);
        memory.putLongRelease(LogLayout.ACTIVE_HALF_OFFSET, to);
        half = to;
        position = 0;
        header = area.half(to).orElseThrow(() -> Check.failed("a half that was just opened is void"));
    }

    /// The active half: 0 or 1.
    public int half() {
        return half;
    }

    public HalfHeader halfHeader() {
        return header;
    }

    /// Bytes used in the active half.
    public long usedBytes() {
        return position;
    }

    public long lastLsn() {
        return nextLsn - 1;
    }
}
