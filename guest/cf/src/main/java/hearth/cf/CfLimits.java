package hearth.cf;

import hearth.base.Units;

/// Limits of what a message may ask for or carry. Whoever makes a message keeps them (protocol servers answer a
/// client's larger value with a status, or with less); encoder and decoder check them.
public final class CfLimits {
    private CfLimits() {}

    /// The most bytes that one `Read` or `Write` moves.
    public static final int TRANSFER_BYTES_MAX = Units.MIB;

    /// The longest target of a symbolic link.
    public static final int LINK_TARGET_BYTES_MAX = 4096;

    /// The longest path of an export, in UTF-8.
    public static final int EXPORT_PATH_BYTES_MAX = 4096;
}
