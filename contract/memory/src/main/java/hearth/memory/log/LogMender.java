package hearth.memory.log;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

import hearth.memory.area.AreaMemory;

/// Puts a record back where its image in the log is damaged: the journal had it. For the guest that replays, before
/// the log is open; whatever it is given is judged first. A guest killed on the way leaves a record that is damaged as
/// before, and its successor mends it again.
public final class LogMender {
    private LogMender() {}

    /// How it went.
    public sealed interface Mended {
        /// The record stands there, good.
        record Done(LogRecord record) implements Mended {}

        /// Nothing was stored: these bytes are not that record, or do not belong there.
        record Refused(String why) implements Mended {}
    }

    /// Stores the whole record `bytes` as the one whose LSN and place `at` names.
    public static Mended put(LogArea area, LogReader.Position at, byte[] bytes) {
        Optional<HalfHeader> half = area.half(at.half());
        if (half.isEmpty() || half.get().generation() != at.halfGeneration()) {
            return new Mended.Refused("the half was used again");
        }
        if (bytes.length < RecordLayout.HEADER_BYTES || at.bytes() > area.halfBytes()) {
            return new Mended.Refused("shorter than a header");
        }
        long room = Math.min(area.halfBytes() - at.bytes(), bytes.length);
        Optional<RecordHeader> peeked = RecordCodec.peek(Arrays.copyOf(bytes, RecordLayout.HEADER_BYTES), room);
        if (peeked.isEmpty()) {
            return new Mended.Refused("lengths");
        }
        byte[] image = Arrays.copyOf(bytes, RecordLayout.HEADER_BYTES + peeked.get().bodyLength());
        RecordCodec.Parsed parsed = RecordCodec.parse(image, at.nextLsn(), area.seed());
        if (parsed instanceof RecordCodec.Parsed.Bad(String why)) {
            return new Mended.Refused(why);
        }
        RecordHeader header = ((RecordCodec.Parsed.Good) parsed).header();
        if (header.cpGeneration() != half.get().cpGeneration()) {
            return new Mended.Refused("consistency point number");
        }
        store(area, at, header, image, bytes);
        return new Mended.Done(
                new LogRecord(withoutAttempts(header), image, at.half(), at.halfGeneration(), at.bytes()));
    }

    private static void store(LogArea area, LogReader.Position at, RecordHeader header, byte[] image, byte[] bytes) {
        AreaMemory memory = area.memory();
        long to = area.offset(at.half(), at.bytes());
        memory.putLongFirst(to + RecordLayout.COMMIT_OFFSET, 0);
        RecordCodec.encode(withoutAttempts(header), image, area.seed());
        memory.copyIn(image, 0, to, image.length);
        int payload = header.payloadOffset();
        memory.copyIn(MemorySegment.ofArray(bytes), payload, to + payload, header.payloadLength());
        memory.putLongRelease(to + RecordLayout.COMMIT_OFFSET, header.lsn());
    }

    private static RecordHeader withoutAttempts(RecordHeader header) {
        return new RecordHeader(header.lsn(), header.incarnation(), header.cpGeneration(), header.type(),
                header.flags(), 0, header.bodyLength(), header.payloadLength(), header.replyLength(), header.call());
    }
}
