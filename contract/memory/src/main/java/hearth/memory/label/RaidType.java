package hearth.memory.label;

/// How the members of a RAID group hold its blocks; the code stands in labels.
public enum RaidType {
    MIRROR(1);

    private final int code;

    RaidType(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
