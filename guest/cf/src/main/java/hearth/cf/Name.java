package hearth.cf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A file name: bytes, not characters, as Unix has them; at most 255, never empty, without `/` and NUL (the decoder
/// and the file system answer with a status before a `Name` is made).
public final class Name {
    public static final int MAX_BYTES = 255;
    private final byte[] bytes;

    /// Takes ownership of `bytes`.
    public Name(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Name of(String text) {
        return new Name(text.getBytes(StandardCharsets.UTF_8));
    }

    /// The bytes themselves; callers do not change them.
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return bytes.length;
    }

    public boolean isDot() {
        return bytes.length == 1 && bytes[0] == '.';
    }

    public boolean isDotDot() {
        return bytes.length == 2 && bytes[0] == '.' && bytes[1] == '.';
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Name name && Arrays.equals(bytes, name.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /// For messages only; not reversible for bytes that are not UTF-8.
    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
