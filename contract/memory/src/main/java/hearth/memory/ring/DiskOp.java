package hearth.memory.ring;

/// What a ring entry asks for.
public enum DiskOp {
    READ(1),
    WRITE(2),
    FLUSH(3);

    private final int code;

    DiskOp(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
