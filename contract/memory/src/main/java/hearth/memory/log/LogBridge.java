package hearth.memory.log;

import java.util.Optional;

/// Leads over damaged records that nobody needs any more, to those behind them: a record's place follows from the
/// length of the one before. For the guest that replays, before the log is open.
public final class LogBridge {
    private static final int RECORD_BYTES_MIN = RecordLayout.HEADER_BYTES;

    private LogBridge() {}

    /// A good record behind a damaged one: its LSN, and where it begins in the half.
    public record Bank(long lsn, long bytes) {}

    /// Looks for the first good record behind `at`, where a damaged one begins, with an LSN up to `lastLsn`. Looks at
    /// every place where a record can begin, so it takes a while.
    public static Optional<Bank> nextGood(LogArea area, LogReader.Position at, long lastLsn) {
        byte[] header = new byte[RecordLayout.HEADER_BYTES];
        for (long to = at.bytes() + RECORD_BYTES_MIN; to <= area.halfBytes() - RECORD_BYTES_MIN;
                to += RecordLayout.ALIGNMENT) {
            area.copyOut(at.half(), at.halfGeneration(), to, header, 0, header.length);
            Optional<RecordHeader> peeked = RecordCodec.peek(header, area.halfBytes() - to);
            if (peeked.isEmpty()) {
                continue;
            }
            long lsn = peeked.get().lsn();
            boolean expected = lsn > at.nextLsn() && lsn <= lastLsn
                    && (lsn - at.nextLsn()) * RECORD_BYTES_MIN <= to - at.bytes();
            if (expected && isGood(area, at, to, peeked.get())) {
                return Optional.of(new Bank(lsn, to));
            }
        }
        return Optional.empty();
    }

    private static boolean isGood(LogArea area, LogReader.Position at, long to, RecordHeader header) {
        byte[] image = new byte[RecordLayout.HEADER_BYTES + header.bodyLength()];
        area.copyOut(at.half(), at.halfGeneration(), to, image, 0, image.length);
        return RecordCodec.parse(image, header.lsn(), area.seed()) instanceof RecordCodec.Parsed.Good;
    }

    /// Puts `count` records without a call and without an effect at `at`, which take `bytes` altogether. False, and
    /// nothing is stored, when so many cannot be so long. A guest killed on the way leaves what it has not come to as
    /// damaged as before.
    public static boolean fill(LogArea area, LogReader.Position at, long count, long bytes) {
        Optional<HalfHeader> half = area.half(at.half());
        boolean fits = count > 0 && bytes >= count * RECORD_BYTES_MIN && bytes % RecordLayout.ALIGNMENT == 0
                && bytes <= count * (RECORD_BYTES_MIN + RecordLayout.PAYLOAD_BYTES_MAX)
                && bytes <= area.halfBytes() - at.bytes();
        if (!fits || half.isEmpty() || half.get().generation() != at.halfGeneration()) {
            return false;
        }
        long left = bytes;
        for (long i = 0; i < count; i++) {
            long forOthers = (count - i - 1) * RECORD_BYTES_MIN;
            int payload = (int) Math.min(left - forOthers - RECORD_BYTES_MIN, RecordLayout.PAYLOAD_BYTES_MAX);
            put(area, at.half(), at.bytes() + bytes - left, new RecordHeader(at.nextLsn() + i, 0,
                    half.get().cpGeneration(), (short) 0, (short) 0, 0, 0, payload, 0, CallIdentity.NONE));
            left -= RECORD_BYTES_MIN + payload;
        }
        return true;
    }

    private static void put(LogArea area, int half, long position, RecordHeader header) {
        long to = area.offset(half, position);
        byte[] image = new byte[RecordLayout.HEADER_BYTES];
        RecordCodec.encode(header, image, area.seed());
        area.memory().putLongFirst(to + RecordLayout.COMMIT_OFFSET, 0);
        area.memory().copyIn(image, 0, to, image.length);
        area.memory().putLongRelease(to + RecordLayout.COMMIT_OFFSET, header.lsn());
    }
}
