package hearth.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.zip.CRC32C;

import hearth.base.Check;
import hearth.memory.region.SectionCounters.SectionCounter;

/// Checkpoints to bytes and back. Decoding is total: any bytes give a [Decoded], never an exception.
public final class CheckpointCodec {
    private static final Section[] SECTIONS = Section.values();

    private CheckpointCodec() {}

    /// The domain's name has at most 256 bytes in UTF-8.
    public static byte[] encode(Checkpoint checkpoint) {
        byte[] domain = checkpoint.domain().getBytes(StandardCharsets.UTF_8);
        Check.that(domain.length <= CheckpointLayout.DOMAIN_BYTES_MAX, "domain name is too long", domain.length);
        int length = CheckpointLayout.SIZE;
        for (SectionState state : checkpoint.sections().values()) {
            length = Math.addExact(length, SectionLayout.SIZE + state.bytes().length);
        }
        byte[] bytes = new byte[length];
        var to = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        to.putLong(CheckpointLayout.MAGIC_OFFSET, CheckpointLayout.MAGIC);
        to.putInt(CheckpointLayout.VERSION_OFFSET, CheckpointLayout.VERSION);
        to.putInt(CheckpointLayout.LENGTH_OFFSET, length);
        to.putInt(CheckpointLayout.SECTIONS_OFFSET, checkpoint.sections().size());
        to.putLong(CheckpointLayout.REGION_INSTANCE_OFFSET, checkpoint.regionInstance());
        to.putInt(CheckpointLayout.DOMAIN_LENGTH_OFFSET, domain.length);
        to.put(CheckpointLayout.DOMAIN_OFFSET, domain);
        int at = CheckpointLayout.SIZE;
        for (var entry : checkpoint.sections().entrySet()) {
            at = encode(entry.getKey(), entry.getValue(), to, at);
        }
        to.putInt(CheckpointLayout.CRC_OFFSET, wholeCrc(bytes));
        return bytes;
    }

    private static int encode(Section section, SectionState state, ByteBuffer to, int at) {
        to.putInt(at + SectionLayout.SECTION_OFFSET, section.ordinal());
        to.putInt(at + SectionLayout.LENGTH_OFFSET, state.bytes().length);
        to.putInt(at + SectionLayout.CRC_OFFSET, crc(state.bytes(), 0, state.bytes().length));
        to.putLong(at + SectionLayout.GENERATION_OFFSET, state.generation());
        to.putLong(at + SectionLayout.FINGERPRINT_OFFSET, state.fingerprint());
        to.putLong(at + SectionLayout.HOST_INSTANCE_OFFSET, state.host().instance());
        to.putLong(at + SectionLayout.HOST_COUNTER_OFFSET, state.host().counter());
        to.putLong(at + SectionLayout.GUEST_INSTANCE_OFFSET, state.guest().instance());
        to.putLong(at + SectionLayout.GUEST_COUNTER_OFFSET, state.guest().counter());
        to.put(at + SectionLayout.SIZE, state.bytes());
        return at + SectionLayout.SIZE + state.bytes().length;
    }

    /// Judges `bytes` for the guest of `domain` in the region `regionInstance`.
    public static Decoded decode(byte[] bytes, String domain, long regionInstance) {
        if (bytes.length < CheckpointLayout.SIZE) {
            return new Decoded.Corrupt("shorter than a header");
        }
        var from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (from.getLong(CheckpointLayout.MAGIC_OFFSET) != CheckpointLayout.MAGIC) {
            return new Decoded.Corrupt("magic");
        }
        if (from.getInt(CheckpointLayout.LENGTH_OFFSET) != bytes.length) {
            return new Decoded.Corrupt("length");
        }
        if (from.getInt(CheckpointLayout.CRC_OFFSET) != wholeCrc(bytes)) {
            return new Decoded.Corrupt("crc");
        }
        int version = from.getInt(CheckpointLayout.VERSION_OFFSET);
        if (version < CheckpointLayout.VERSION_OLDEST) {
            return new Decoded.TooOld(version);
        }
        if (version > CheckpointLayout.VERSION) {
            return new Decoded.TooNew(version);
        }
        int domainLength = from.getInt(CheckpointLayout.DOMAIN_LENGTH_OFFSET);
        if (domainLength < 0 || domainLength > CheckpointLayout.DOMAIN_BYTES_MAX) {
            return new Decoded.Corrupt("domain length");
        }
        String owner = new String(bytes, CheckpointLayout.DOMAIN_OFFSET, domainLength, StandardCharsets.UTF_8);
        if (!owner.equals(domain)) {
            return new Decoded.Foreign("of domain " + owner);
        }
        if (from.getLong(CheckpointLayout.REGION_INSTANCE_OFFSET) != regionInstance) {
            return new Decoded.Foreign("of another region");
        }
        return decodeSections(from, bytes, owner, regionInstance);
    }

    private static Decoded decodeSections(ByteBuffer from, byte[] bytes, String domain, long regionInstance) {
        Map<Section, SectionState> sections = new EnumMap<>(Section.class);
        int count = from.getInt(CheckpointLayout.SECTIONS_OFFSET);
        int at = CheckpointLayout.SIZE;
        int before = -1;
        for (int i = 0; i < count; i++) {
            if (bytes.length - at < SectionLayout.SIZE) {
                return new Decoded.Corrupt("section header");
            }
            int number = from.getInt(at + SectionLayout.SECTION_OFFSET);
            if (number <= before || number >= SECTIONS.length) {
                return new Decoded.Corrupt("section number " + number);
            }
            before = number;
            int length = from.getInt(at + SectionLayout.LENGTH_OFFSET);
            int body = at + SectionLayout.SIZE;
            if (length < 0 || length > bytes.length - body) {
                return new Decoded.Corrupt("length of section " + SECTIONS[number]);
            }
            if (from.getInt(at + SectionLayout.CRC_OFFSET) != crc(bytes, body, length)) {
                return new Decoded.Corrupt("crc of section " + SECTIONS[number]);
            }
            sections.put(SECTIONS[number], decode(from, at, body, length));
            at = body + length;
        }
        return at == bytes.length && count >= 0 ? new Decoded.Valid(new Checkpoint(domain, regionInstance, sections))
                : new Decoded.Corrupt("bytes behind the last section");
    }

    private static SectionState decode(ByteBuffer from, int at, int body, int length) {
        byte[] state = new byte[length];
        from.get(body, state);
        return new SectionState(
                from.getLong(at + SectionLayout.GENERATION_OFFSET),
                from.getLong(at + SectionLayout.FINGERPRINT_OFFSET),
                new SectionCounter(from.getLong(at + SectionLayout.HOST_INSTANCE_OFFSET),
                        from.getLong(at + SectionLayout.HOST_COUNTER_OFFSET)),
                new SectionCounter(from.getLong(at + SectionLayout.GUEST_INSTANCE_OFFSET),
                        from.getLong(at + SectionLayout.GUEST_COUNTER_OFFSET)),
                state);
    }

    private static int wholeCrc(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes, 0, CheckpointLayout.CRC_OFFSET);
        int rest = CheckpointLayout.CRC_OFFSET + Integer.BYTES;
        crc.update(new byte[Integer.BYTES], 0, Integer.BYTES);
        crc.update(bytes, rest, bytes.length - rest);
        return (int) crc.getValue();
    }

    private static int crc(byte[] bytes, int offset, int length) {
        var crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}
