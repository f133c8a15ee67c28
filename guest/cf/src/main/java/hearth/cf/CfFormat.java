package hearth.cf;

import hearth.base.Units;

/// The numbers of the encoded messages. A message is big-endian and has no padding:
///
/// | OFFSET | SIZE | DESCRIPTION |
/// |---|---|---|
/// | 0 | 1 | version |
/// | 1 | 1 | kind: which record follows; requests below 64, replies from 64 |
/// | 2 | … | the record's components in their order; a request is preceded by its caller |
///
/// Lists and byte strings have a count before them, optional things a presence byte (0 or 1). Every count has a limit,
/// and nothing may follow the last component. Encoded replies are kept in the log and in the duplicate-request table,
/// so a kind's number and fields never change their meaning: a change is a new version, and the decoder keeps the old.
///
/// Version history: 1, the first.
final class CfFormat {
    private CfFormat() {}

    static final int VERSION = 1;

    /// No message is longer (a directory listing with attributes is the longest).
    static final int MESSAGE_BYTES_MAX = 4 * Units.MIB;

    static final int GROUPS_MAX = 16;
    static final int EXPORTS_MAX = 4096;
    static final int EXPORT_CLIENTS_MAX = 4096;
    static final int CLIENT_BYTES_MAX = 128;
    static final int MODE_MAX = 0xFFF;

    /// Bytes of an encoded entry without its name, attributes and handle.
    static final int ENTRY_BYTES_MIN = Long.BYTES + 1 + 1 + Long.BYTES + 1;

    /// Bytes of an encoded export with an empty path and no clients.
    static final int EXPORT_BYTES_MIN = 2 + 24 + 1 + 4 + 1 + 8;

    static final int GET_ATTRIBUTES = 1;
    static final int LOOKUP = 2;
    static final int ACCESS = 3;
    static final int READ_LINK = 4;
    static final int READ = 5;
    static final int READ_DIRECTORY = 6;
    static final int FILE_SYSTEM_STATISTICS = 7;
    static final int COMMIT = 8;
    static final int LIST_EXPORTS = 9;
    static final int CHANGE = 10;
    static final int WRITE = 11;
    static final int CREATE = 12;
    static final int MAKE_DIRECTORY = 13;
    static final int SYMBOLIC_LINK = 14;
    static final int MAKE_NODE = 15;
    static final int REMOVE = 16;
    static final int REMOVE_DIRECTORY = 17;
    static final int RENAME = 18;
    static final int LINK = 19;

    static final int FAILED = 64;
    static final int DROPPED = 65;
    static final int ATTRIBUTES_OF = 66;
    static final int FOUND = 67;
    static final int GRANTED = 68;
    static final int LINK_TEXT = 69;
    static final int DATA = 70;
    static final int ENTRIES = 71;
    static final int STATISTICS = 72;
    static final int COMMITTED = 73;
    static final int EXPORTS = 74;
    static final int CHANGED = 75;
    static final int WRITTEN = 76;
    static final int CREATED = 77;
    static final int REMOVED = 78;
    static final int RENAMED = 79;
    static final int LINKED = 80;
}
