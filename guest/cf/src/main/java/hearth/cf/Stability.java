package hearth.cf;

/// How durable a write is asked to be, or is (RFC 1813 §3.3.7 stable_how). UNSTABLE survives the guest's death but not
/// the host's; the other two survive both.
public enum Stability {
    UNSTABLE(0),
    DATA_SYNC(1),
    FILE_SYNC(2);

    private final int code;

    Stability(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
