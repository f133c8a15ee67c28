package hearth.cf;

/// The answer's kind. One enum for every protocol, mapped to NFS, SCSI or SMB codes at the edge. The code is what
/// travels and what the duplicate-request table keeps, so a number is never given a new meaning.
public enum CfStatus {
    OK(0),
    NOT_PERMITTED(1),
    NOT_FOUND(2),
    IO_ERROR(5),
    ACCESS_DENIED(13),
    EXISTS(17),
    CROSS_DEVICE(18),
    NOT_A_DIRECTORY(20),
    IS_A_DIRECTORY(21),
    INVALID(22),
    TOO_BIG(27),
    NO_SPACE(28),
    READ_ONLY(30),
    TOO_MANY_LINKS(31),
    NAME_TOO_LONG(63),
    NOT_EMPTY(66),
    QUOTA(69),
    STALE(70),
    BAD_HANDLE(101),
    NOT_SYNCHRONIZED(102),
    BAD_COOKIE(103),
    NOT_SUPPORTED(104),
    TOO_SMALL(105),
    SERVER_FAULT(106),
    BAD_TYPE(107),
    /// The call cannot be answered now; the client repeats it (NFS3ERR_JUKEBOX).
    TRY_LATER(108);

    private final int code;

    CfStatus(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
