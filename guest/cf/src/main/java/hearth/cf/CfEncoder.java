package hearth.cf;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

import hearth.base.Check;

/// Messages to bytes (see `CfFormat`). Stateless; any thread. A message over its limits is a bug of the caller.
public final class CfEncoder {
    private static final int CAPACITY_BYTES = 256;
    private static final int ENTRY_CAPACITY_BYTES = 144;

    private CfEncoder() {}

    /// One request with its caller.
    public static byte[] encodeRequest(Caller caller, CfRequest request) {
        int kind = CfFormat.kindOf(request);
        var out = new CfWriter(CAPACITY_BYTES).byte1(CfFormat.VERSION).byte1(kind);
        caller(out, caller);
        if (request instanceof CfRequest.OfFile call) {
            handle(out, call.file());
        }
        if (request instanceof CfRequest.InDirectory call) {
            handle(out, call.directory());
        }
        components(out, kind, request);
        return out.toBytes();
    }

    /// What follows the handle. By number and not by pattern: each pattern switch makes a class when it is first met,
    /// and this stands between a restart and its first answer.
    private static void components(CfWriter out, int kind, CfRequest request) {
        switch (kind) {
            case CfFormat.GET_ATTRIBUTES,
                    CfFormat.READ_LINK,
                    CfFormat.FILE_SYSTEM_STATISTICS,
                    CfFormat.LIST_EXPORTS -> {}
            case CfFormat.LOOKUP -> name(out, ((CfRequest.Lookup) request).name());
            case CfFormat.ACCESS -> out.int4(((CfRequest.Access) request).mask());
            case CfFormat.READ -> {
                var r = (CfRequest.Read) request;
                out.long8(r.offset()).int4(transfer(r.countBytes()));
            }
            case CfFormat.READ_DIRECTORY -> readDirectory(out, (CfRequest.ReadDirectory) request);
            case CfFormat.COMMIT -> {
                var r = (CfRequest.Commit) request;
                out.long8(r.offset()).int4(r.countBytes());
            }
            default -> mutation(out, kind, request);
        }
    }

    private static void mutation(CfWriter out, int kind, CfRequest request) {
        switch (kind) {
            case CfFormat.CHANGE -> {
                var r = (CfRequest.Change) request;
                set(out, r.change());
                optional(out, r.guardChangeTimeNs());
            }
            case CfFormat.WRITE -> {
                var r = (CfRequest.Write) request;
                out.long8(r.offset()).int4(transfer(r.countBytes())).byte1(r.stability().code());
            }
            case CfFormat.CREATE -> {
                var r = (CfRequest.Create) request;
                name(out, r.name()).byte1(r.how().code());
                set(out, r.attributes()).long8(r.verifier());
            }
            case CfFormat.MAKE_DIRECTORY -> {
                var r = (CfRequest.MakeDirectory) request;
                set(name(out, r.name()), r.attributes());
            }
            case CfFormat.SYMBOLIC_LINK -> {
                var r = (CfRequest.SymbolicLink) request;
                set(name(out, r.name()), r.attributes()).counted(r.target(), CfLimits.LINK_TARGET_BYTES_MAX);
            }
            case CfFormat.MAKE_NODE -> {
                var r = (CfRequest.MakeNode) request;
                name(out, r.name()).byte1(r.type().code());
                set(out, r.attributes()).int4(r.major()).int4(r.minor());
            }
            case CfFormat.REMOVE -> name(out, ((CfRequest.Remove) request).name());
            case CfFormat.REMOVE_DIRECTORY -> name(out, ((CfRequest.RemoveDirectory) request).name());
            case CfFormat.RENAME -> {
                var r = (CfRequest.Rename) request;
                name(handle(out, r.fromDirectory()), r.fromName());
                name(handle(out, r.toDirectory()), r.toName());
            }
            case CfFormat.LINK -> {
                var r = (CfRequest.Link) request;
                name(handle(out, r.directory()), r.name());
            }
            default -> throw Check.failed("a request without a kind");
        }
    }

    /// One reply; a reply to a mutation takes at most `CfReply.MUTATION_MAX_BYTES`.
    public static byte[] encodeReply(CfReply reply) {
        int kind = CfFormat.kindOf(reply);
        var out = new CfWriter(CAPACITY_BYTES).byte1(CfFormat.VERSION).byte1(kind);
        switch (kind) {
            case CfFormat.FAILED -> {
                var r = (CfReply.Failed) reply;
                Check.that(r.status() != CfStatus.OK, "a failure with status OK");
                wcc(wcc(out.byte1(r.status().code()), r.first()), r.second());
            }
            case CfFormat.DROPPED -> {}
            case CfFormat.ATTRIBUTES_OF -> attributes(out, ((CfReply.AttributesOf) reply).attributes());
            case CfFormat.FOUND -> {
                var r = (CfReply.Found) reply;
                attributes(attributes(handle(out, r.file()), r.attributes()), r.directory());
            }
            case CfFormat.GRANTED -> {
                var r = (CfReply.Granted) reply;
                attributes(out, r.attributes()).int4(r.mask());
            }
            case CfFormat.LINK_TEXT -> {
                var r = (CfReply.LinkText) reply;
                attributes(out, r.attributes()).counted(r.target(), CfLimits.LINK_TARGET_BYTES_MAX);
            }
            case CfFormat.DATA -> {
                var r = (CfReply.Data) reply;
                attributes(out, r.attributes()).int4(transfer(r.countBytes())).flag(r.endOfFile());
            }
            case CfFormat.ENTRIES -> entries(out, (CfReply.Entries) reply);
            case CfFormat.STATISTICS -> statistics(out, (CfReply.Statistics) reply);
            case CfFormat.EXPORTS -> exports(out, (CfReply.Exports) reply);
            default -> done(out, kind, reply);
        }
        return out.toBytes();
    }

    /// The answers to mutations and to COMMIT.
    private static void done(CfWriter out, int kind, CfReply reply) {
        switch (kind) {
            case CfFormat.COMMITTED -> {
                var r = (CfReply.Committed) reply;
                wcc(out, r.file()).long8(r.verifier());
            }
            case CfFormat.CHANGED -> wcc(out, ((CfReply.Changed) reply).file());
            case CfFormat.WRITTEN -> {
                var r = (CfReply.Written) reply;
                wcc(out, r.file()).int4(transfer(r.countBytes()));
                out.byte1(r.stability().code()).long8(r.verifier());
            }
            case CfFormat.CREATED -> {
                var r = (CfReply.Created) reply;
                wcc(attributes(handle(out, r.file()), r.attributes()), r.directory());
            }
            case CfFormat.REMOVED -> wcc(out, ((CfReply.Removed) reply).directory());
            case CfFormat.RENAMED -> {
                var r = (CfReply.Renamed) reply;
                wcc(wcc(out, r.fromDirectory()), r.toDirectory());
            }
            case CfFormat.LINKED -> {
                var r = (CfReply.Linked) reply;
                wcc(attributes(out, r.file()), r.directory());
            }
            default -> throw Check.failed("a reply without a kind");
        }
    }

    private static void caller(CfWriter out, Caller caller) {
        int addressBytes = caller.clientAddress().length;
        Check.that(addressBytes == 4 || addressBytes == 16, "client address of bytes", addressBytes);
        Check.that(caller.groups().length <= CfFormat.GROUPS_MAX, "groups of a caller", caller.groups().length);
        out.byte1(addressBytes).raw(caller.clientAddress());
        out.int4(caller.xid()).long8(caller.callChecksum()).int4(caller.uid()).int4(caller.gid());
        out.byte1(caller.groups().length);
        for (int group : caller.groups()) {
            out.int4(group);
        }
        out.flag(caller.readOnly());
    }

    private static CfWriter handle(CfWriter out, FileHandle file) {
        return out.long8(file.aggregateId()).int4(file.volumeId()).long8(file.inode()).int4(file.generation());
    }

    private static CfWriter name(CfWriter out, Name name) {
        return out.byte1(name.length()).raw(name.bytes());
    }

    private static void readDirectory(CfWriter out, CfRequest.ReadDirectory r) {
        out.long8(r.cookie()).long8(r.cookieVerifier());
        out.int4(notNegative(r.countMax())).int4(notNegative(r.sizeMaxBytes())).flag(r.withAttributes());
    }

    private static CfWriter attributes(CfWriter out, Attributes a) {
        Check.that((a.mode() & ~CfFormat.MODE_MAX) == 0, "mode over 12 bits", a.mode());
        out.byte1(a.type().code()).short2(a.mode()).int4(a.linkCount()).int4(a.uid()).int4(a.gid());
        out.long8(a.sizeBytes()).long8(a.usedBytes()).int4(a.deviceMajor()).int4(a.deviceMinor());
        out.long8(a.fileSystemId()).long8(a.fileId());
        return out.long8(a.accessTimeNs()).long8(a.modifyTimeNs()).long8(a.changeTimeNs());
    }

    private static CfWriter wcc(CfWriter out, Wcc wcc) {
        out.flag(wcc.before().isPresent());
        wcc.before().ifPresent(b -> out.long8(b.sizeBytes()).long8(b.modifyTimeNs()).long8(b.changeTimeNs()));
        out.flag(wcc.after().isPresent());
        wcc.after().ifPresent(a -> attributes(out, a));
        return out;
    }

    private static CfWriter set(CfWriter out, SetAttributes set) {
        optional(out, set.mode());
        optional(out, set.uid());
        optional(out, set.gid());
        optional(out, set.sizeBytes());
        time(out, set.accessTime());
        time(out, set.modifyTime());
        return out;
    }

    private static void time(CfWriter out, Optional<SetAttributes.SetTime> time) {
        out.flag(time.isPresent());
        time.ifPresent(present -> {
            out.flag(present instanceof SetAttributes.SetTime.ClientTime);
            if (present instanceof SetAttributes.SetTime.ClientTime client) {
                out.long8(client.timeNs());
            }
        });
    }

    private static void entries(CfWriter out, CfReply.Entries r) {
        attributes(out, r.directory()).long8(r.cookieVerifier()).flag(r.endOfDirectory());
        out.int4(r.entries().size());
        out.expect(r.entries().size() * ENTRY_CAPACITY_BYTES);
        for (CfReply.Entry entry : r.entries()) {
            name(out.long8(entry.fileId()), entry.name()).long8(entry.cookie());
            int parts = (entry.attributes().isPresent() ? 1 : 0) | (entry.file().isPresent() ? 2 : 0);
            out.byte1(parts);
            entry.attributes().ifPresent(a -> attributes(out, a));
            entry.file().ifPresent(f -> handle(out, f));
        }
    }

    private static void statistics(CfWriter out, CfReply.Statistics r) {
        attributes(out, r.attributes());
        out.long8(r.totalBytes()).long8(r.freeBytes()).long8(r.availableBytes());
        out.long8(r.totalFiles()).long8(r.freeFiles());
        out.long8(r.fileSizeMaxBytes()).int4(r.linkCountMax());
    }

    private static void exports(CfWriter out, CfReply.Exports r) {
        Check.that(r.exports().size() <= CfFormat.EXPORTS_MAX, "exports", r.exports().size());
        out.int4(r.exports().size());
        for (Export export : r.exports()) {
            Check.that(export.clients().size() <= CfFormat.EXPORT_CLIENTS_MAX, "clients of an export");
            out.counted(utf8(export.path()), CfLimits.EXPORT_PATH_BYTES_MAX);
            handle(out, export.root()).flag(export.readOnly());
            out.int4(export.clients().size());
            for (String client : export.clients()) {
                out.counted(utf8(client), CfFormat.CLIENT_BYTES_MAX);
            }
            out.byte1(export.squash().code()).int4(export.anonymousUid()).int4(export.anonymousGid());
        }
    }

    private static void optional(CfWriter out, OptionalInt value) {
        out.flag(value.isPresent());
        value.ifPresent(out::int4);
    }

    private static void optional(CfWriter out, OptionalLong value) {
        out.flag(value.isPresent());
        value.ifPresent(out::long8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static int transfer(int countBytes) {
        Check.that(countBytes >= 0 && countBytes <= CfLimits.TRANSFER_BYTES_MAX, "bytes of a transfer", countBytes);
        return countBytes;
    }

    private static int notNegative(int value) {
        Check.that(value >= 0, "negative limit", value);
        return value;
    }
}
