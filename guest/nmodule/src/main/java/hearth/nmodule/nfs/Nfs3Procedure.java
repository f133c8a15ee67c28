package hearth.nmodule.nfs;

/// The procedures of NFS version 3 by their numbers (RFC 1813 §3.3).
enum Nfs3Procedure {
    NULL,
    GETATTR,
    SETATTR,
    LOOKUP,
    ACCESS,
    READLINK,
    READ,
    WRITE,
    CREATE,
    MKDIR,
    SYMLINK,
    MKNOD,
    REMOVE,
    RMDIR,
    RENAME,
    LINK,
    READDIR,
    READDIRPLUS,
    FSSTAT,
    FSINFO,
    PATHCONF,
    COMMIT;

    private static final Nfs3Procedure[] BY_NUMBER = values();

    static final int COUNT = BY_NUMBER.length;

    static Nfs3Procedure numbered(int number) {
        return BY_NUMBER[number];
    }

    @SuppressWarnings("EnumOrdinal") // the order is the RFC's
    int number() {
        return ordinal();
    }

    boolean movesData() {
        return this == READ || this == WRITE || this == COMMIT;
    }

    boolean listsDirectory() {
        return this == READDIR || this == READDIRPLUS;
    }
}
