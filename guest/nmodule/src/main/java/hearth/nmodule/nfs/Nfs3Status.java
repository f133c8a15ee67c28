package hearth.nmodule.nfs;

import hearth.cf.CfStatus;

/// The storage's statuses as those of NFS version 3 (RFC 1813 §2.6), the one place where they are mapped.
final class Nfs3Status {
    static final int OK = 0;
    static final int PERM = 1;
    static final int NOENT = 2;
    static final int IO = 5;
    static final int ACCES = 13;
    static final int EXIST = 17;
    static final int XDEV = 18;
    static final int NOTDIR = 20;
    static final int ISDIR = 21;
    static final int INVAL = 22;
    static final int FBIG = 27;
    static final int NOSPC = 28;
    static final int ROFS = 30;
    static final int MLINK = 31;
    static final int NAMETOOLONG = 63;
    static final int NOTEMPTY = 66;
    static final int DQUOT = 69;
    static final int STALE = 70;
    static final int BADHANDLE = 10001;
    static final int NOT_SYNC = 10002;
    static final int BAD_COOKIE = 10003;
    static final int NOTSUPP = 10004;
    static final int TOOSMALL = 10005;
    static final int SERVERFAULT = 10006;
    static final int BADTYPE = 10007;
    static final int JUKEBOX = 10008;

    private Nfs3Status() {}

    /// The status for a procedure's reply. Where RFC 1813 gives a procedure no such code and clients would be led
    /// astray by it, the nearest that it has.
    static int of(CfStatus status, Nfs3Procedure procedure) {
        return switch (status) {
            case OK -> OK;
            case NOT_PERMITTED -> PERM;
            case NOT_FOUND -> NOENT;
            case IO_ERROR -> IO;
            case ACCESS_DENIED -> ACCES;
            case EXISTS -> EXIST;
            case CROSS_DEVICE -> XDEV;
            case NOT_A_DIRECTORY -> NOTDIR;
            case IS_A_DIRECTORY -> procedure.movesData() ? INVAL : ISDIR;
            case INVALID -> INVAL;
            case TOO_BIG -> FBIG;
            case NO_SPACE -> NOSPC;
            case READ_ONLY -> ROFS;
            case TOO_MANY_LINKS -> MLINK;
            case NAME_TOO_LONG -> NAMETOOLONG;
            case NOT_EMPTY -> NOTEMPTY;
            case QUOTA -> DQUOT;
            case STALE -> STALE;
            case BAD_HANDLE -> BADHANDLE;
            case NOT_SYNCHRONIZED -> procedure == Nfs3Procedure.SETATTR ? NOT_SYNC : SERVERFAULT;
            case BAD_COOKIE -> procedure.listsDirectory() ? BAD_COOKIE : SERVERFAULT;
            case NOT_SUPPORTED -> NOTSUPP;
            case TOO_SMALL -> procedure.listsDirectory() ? TOOSMALL : SERVERFAULT;
            case SERVER_FAULT -> SERVERFAULT;
            case BAD_TYPE -> procedure == Nfs3Procedure.MKNOD ? BADTYPE : NOTSUPP;
            case TRY_LATER -> JUKEBOX;
        };
    }
}
