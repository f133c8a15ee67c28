package hearth.dmodule.raid;

import java.io.IOException;

/// RAID could not do what it was asked with the members it has.
public final class RaidException extends IOException {
    private static final long serialVersionUID = 1L;

    /// How bad it is.
    public enum Kind {
        /// No member holds the block with the checksum that its pointer demands.
        DAMAGED,
        /// No member could read the block.
        UNREADABLE,
        /// No member is left: the aggregate is gone and the guest halts.
        LOST
    }

    private final Kind kind;
    private final long vbn;

    public RaidException(Kind kind, long vbn, String why) {
        super(kind + (vbn >= 0 ? " vbn " + vbn : "") + ": " + why);
        this.kind = kind;
        this.vbn = vbn;
    }

    public Kind kind() {
        return kind;
    }

    /// The block, or -1 when it is not about one.
    public long vbn() {
        return vbn;
    }
}
