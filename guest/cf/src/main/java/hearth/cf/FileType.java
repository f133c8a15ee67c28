package hearth.cf;

/// What an inode is. The code is the on-disk and on-wire number (RFC 1813 §2.6 ftype3).
public enum FileType {
    REGULAR(1),
    DIRECTORY(2),
    BLOCK_DEVICE(3),
    CHARACTER_DEVICE(4),
    SYMBOLIC_LINK(5),
    SOCKET(6),
    FIFO(7);

    private final int code;

    FileType(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
