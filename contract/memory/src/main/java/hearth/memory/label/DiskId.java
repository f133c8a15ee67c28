package hearth.memory.label;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/// Sixteen random bytes that name a disk for its whole life, wherever it is attached. Zero is nobody.
public record DiskId(long high, long low) {
    public static final DiskId NONE = new DiskId(0, 0);

    /// A fresh one; `random` should be a cryptographic one where disks are really made.
    public static DiskId random(RandomGenerator random) {
        DiskId id = new DiskId(random.nextLong(), random.nextLong());
        return id.isNone() ? random(random) : id;
    }

    /// Reads what `toString` wrote: 32 hexadecimal digits; throws IllegalArgumentException for anything else.
    public static DiskId parse(String text) {
        if (text.length() != 2 * 16) {
            throw new IllegalArgumentException("a disk id has 32 hexadecimal digits: " + text);
        }
        return new DiskId(HexFormat.fromHexDigitsToLong(text, 0, 16), HexFormat.fromHexDigitsToLong(text, 16, 32));
    }

    public boolean isNone() {
        return high == 0 && low == 0;
    }

    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
    }
}
