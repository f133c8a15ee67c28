package hearth.dmodule.filesystem.directory;

import hearth.cf.FileType;
import hearth.cf.Name;

/// A name in a directory.
///
/// @param cookie its place in the listing, above `COOKIE_DOT_DOT`, positive; never changes while the name lives
public record DirectoryEntry(Name name, long inode, FileType type, long cookie) {
    /// Reserved cookies: before the listing, `.` and `..`, which are not stored.
    public static final long COOKIE_START = 0;

    public static final long COOKIE_DOT = 1;
    public static final long COOKIE_DOT_DOT = 2;
}
