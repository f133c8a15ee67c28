package hearth.cf;

import java.util.HashMap;
import java.util.Map;

import hearth.base.Check;
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

    private static final Map<Class<?>, Integer> KINDS = new HashMap<>();

    static {
        KINDS.put(CfRequest.GetAttributes.class, GET_ATTRIBUTES);
        KINDS.put(CfRequest.Lookup.class, LOOKUP);
        KINDS.put(CfRequest.Access.class, ACCESS);
        KINDS.put(CfRequest.ReadLink.class, READ_LINK);
        KINDS.put(CfRequest.Read.class, READ);
        KINDS.put(CfRequest.ReadDirectory.class, READ_DIRECTORY);
        KINDS.put(CfRequest.FileSystemStatistics.class, FILE_SYSTEM_STATISTICS);
        KINDS.put(CfRequest.Commit.class, COMMIT);
        KINDS.put(CfRequest.ListExports.class, LIST_EXPORTS);
        KINDS.put(CfRequest.Change.class, CHANGE);
        KINDS.put(CfRequest.Write.class, WRITE);
        KINDS.put(CfRequest.Create.class, CREATE);
        KINDS.put(CfRequest.MakeDirectory.class, MAKE_DIRECTORY);
        KINDS.put(CfRequest.SymbolicLink.class, SYMBOLIC_LINK);
        KINDS.put(CfRequest.MakeNode.class, MAKE_NODE);
        KINDS.put(CfRequest.Remove.class, REMOVE);
        KINDS.put(CfRequest.RemoveDirectory.class, REMOVE_DIRECTORY);
        KINDS.put(CfRequest.Rename.class, RENAME);
        KINDS.put(CfRequest.Link.class, LINK);
        KINDS.put(CfReply.Failed.class, FAILED);
        KINDS.put(CfReply.Dropped.class, DROPPED);
        KINDS.put(CfReply.AttributesOf.class, ATTRIBUTES_OF);
        KINDS.put(CfReply.Found.class, FOUND);
        KINDS.put(CfReply.Granted.class, GRANTED);
        KINDS.put(CfReply.LinkText.class, LINK_TEXT);
        KINDS.put(CfReply.Data.class, DATA);
        KINDS.put(CfReply.Entries.class, ENTRIES);
        KINDS.put(CfReply.Statistics.class, STATISTICS);
        KINDS.put(CfReply.Committed.class, COMMITTED);
        KINDS.put(CfReply.Exports.class, EXPORTS);
        KINDS.put(CfReply.Changed.class, CHANGED);
        KINDS.put(CfReply.Written.class, WRITTEN);
        KINDS.put(CfReply.Created.class, CREATED);
        KINDS.put(CfReply.Removed.class, REMOVED);
        KINDS.put(CfReply.Renamed.class, RENAMED);
        KINDS.put(CfReply.Linked.class, LINKED);
    }

    static int kindOf(CfRequest request) {
        return kindOf(request.getClass());
    }

    static int kindOf(CfReply reply) {
        return kindOf(reply.getClass());
    }

    private static int kindOf(Class<?> message) {
        Integer kind = KINDS.get(message);
        if (kind == null) {
            throw Check.failed("a message without a kind: " + message.getName());
        }
        return kind;
    }
}
