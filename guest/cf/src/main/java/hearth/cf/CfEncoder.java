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
        var out = new CfWriter(CAPACITY_BYTES).byte1(CfFormat.VERSION).byte1(kindOf(request));
        caller(out, caller);
        switch (request) {
            case CfRequest.GetAttributes r -> handle(out, r.file());
            case CfRequest.Lookup r -> named(out, r.directory(), r.name());
            case CfRequest.Access r -> handle(out, r.file()).int4(r.mask());
            case CfRequest.ReadLink r -> handle(out, r.file());
            case CfRequest.Read r -> handle(out, r.file()).long8(r.offset()).int4(transfer(r.countBytes()));
            case CfRequest.ReadDirectory r -> readDirectory(out, r);
            case CfRequest.FileSystemStatistics r -> handle(out, r.file());
            case CfRequest.Commit r -> handle(out, r.file()).long8(r.offset()).int4(r.countBytes());
            case CfRequest.ListExports _ -> {}
            case CfRequest.Change r -> {
                set(handle(out, r.file()), r.change());
                optional(out, r.guardChangeTimeNs());
            }
            case CfRequest.Write r ->
                handle(out, r.file())
                        .long8(r.offset())
                        .int4(transfer(r.countBytes()))
                        .byte1(r.stability().code());
            case CfRequest.Create r -> {
                named(out, r.directory(), r.name()).byte1(r.how().code());
                set(out, r.attributes()).long8(r.verifier());
            }
            case CfRequest.MakeDirectory r -> set(named(out, r.directory(), r.name()), r.attributes());
            case CfRequest.SymbolicLink r ->
                set(named(out, r.directory(), r.name()), r.attributes())
                        .counted(r.target(), CfLimits.LINK_TARGET_BYTES_MAX);
            case CfRequest.MakeNode r -> {
                named(out, r.directory(), r.name()).byte1(r.type().code());
                set(out, r.attributes()).int4(r.major()).int4(r.minor());
            }
            case CfRequest.Remove r -> named(out, r.directory(), r.name());
            case CfRequest.RemoveDirectory r -> named(out, r.directory(), r.name());
            case CfRequest.Rename r -> {
                named(out, r.fromDirectory(), r.fromName());
                named(out, r.toDirectory(), r.toName());
            }
            case CfRequest.Link r -> named(handle(out, r.file()), r.directory(), r.name());
        }
        return out.toBytes();
    }

    /// One reply; a reply to a mutation takes at most `CfReply.MUTATION_MAX_BYTES`.
    public static byte[] encodeReply(CfReply reply) {
        var out = new CfWriter(CAPACITY_BYTES).byte1(CfFormat.VERSION).byte1(kindOf(reply));
        switch (reply) {
            case CfReply.Failed r -> {
                Check.that(r.status() != CfStatus.OK, "a failure with status OK");
                wcc(wcc(out.byte1(r.status().code()), r.first()), r.second());
            }
            case CfReply.Dropped _ -> {}
            case CfReply.AttributesOf r -> attributes(out, r.attributes());
            case CfReply.Found r -> attributes(attributes(handle(out, r.file()), r.attributes()), r.directory());
            case CfReply.Granted r -> attributes(out, r.attributes()).int4(r.mask());
            case CfReply.LinkText r ->
                attributes(out, r.attributes()).counted(r.target(), CfLimits.LINK_TARGET_BYTES_MAX);
            case CfReply.Data r ->
                attributes(out, r.attributes()).int4(transfer(r.countBytes())).flag(r.endOfFile());
            case CfReply.Entries r -> entries(out, r);
            case CfReply.Statistics r -> statistics(out, r);
            case CfReply.Committed r -> wcc(out, r.file()).long8(r.verifier());
            case CfReply.Exports r -> exports(out, r);
            case CfReply.Changed r -> wcc(out, r.file());
            case CfReply.Written r ->
                wcc(out, r.file())
                        .int4(transfer(r.countBytes()))
                        .byte1(r.stability().code())
                        .long8(r.verifier());
            case CfReply.Created r -> wcc(attributes(handle(out, r.file()), r.attributes()), r.directory());
            case CfReply.Removed r -> wcc(out, r.directory());
            case CfReply.Renamed r -> wcc(wcc(out, r.fromDirectory()), r.toDirectory());
            case CfReply.Linked r -> wcc(attributes(out, r.file()), r.directory());
        }
        return out.toBytes();
    }

    private static int kindOf(CfRequest request) {
        return switch (request) {
            case CfRequest.GetAttributes _ -> CfFormat.GET_ATTRIBUTES;
            case CfRequest.Lookup _ -> CfFormat.LOOKUP;
            case CfRequest.Access _ -> CfFormat.ACCESS;
            case CfRequest.ReadLink _ -> CfFormat.READ_LINK;
            case CfRequest.Read _ -> CfFormat.READ;
            case CfRequest.ReadDirectory _ -> CfFormat.READ_DIRECTORY;
            case CfRequest.FileSystemStatistics _ -> CfFormat.FILE_SYSTEM_STATISTICS;
            case CfRequest.Commit _ -> CfFormat.COMMIT;
            case CfRequest.ListExports _ -> CfFormat.LIST_EXPORTS;
            case CfRequest.Change _ -> CfFormat.CHANGE;
            case CfRequest.Write _ -> CfFormat.WRITE;
            case CfRequest.Create _ -> CfFormat.CREATE;
            case CfRequest.MakeDirectory _ -> CfFormat.MAKE_DIRECTORY;
            case CfRequest.SymbolicLink _ -> CfFormat.SYMBOLIC_LINK;
            case CfRequest.MakeNode _ -> CfFormat.MAKE_NODE;
            case CfRequest.Remove _ -> CfFormat.REMOVE;
            case CfRequest.RemoveDirectory _ -> CfFormat.REMOVE_DIRECTORY;
            case CfRequest.Rename _ -> CfFormat.RENAME;
            case CfRequest.Link _ -> CfFormat.LINK;
        };
    }

    private static int kindOf(CfReply reply) {
        return switch (reply) {
            case CfReply.Failed _ -> CfFormat.FAILED;
            case CfReply.Dropped _ -> CfFormat.DROPPED;
            case CfReply.AttributesOf _ -> CfFormat.ATTRIBUTES_OF;
            case CfReply.Found _ -> CfFormat.FOUND;
            case CfReply.Granted _ -> CfFormat.GRANTED;
            case CfReply.LinkText _ -> CfFormat.LINK_TEXT;
            case CfReply.Data _ -> CfFormat.DATA;
            case CfReply.Entries _ -> CfFormat.ENTRIES;
            case CfReply.Statistics _ -> CfFormat.STATISTICS;
            case CfReply.Committed _ -> CfFormat.COMMITTED;
            case CfReply.Exports _ -> CfFormat.EXPORTS;
            case CfReply.Changed _ -> CfFormat.CHANGED;
            case CfReply.Written _ -> CfFormat.WRITTEN;
            case CfReply.Created _ -> CfFormat.CREATED;
            case CfReply.Removed _ -> CfFormat.REMOVED;
            case CfReply.Renamed _ -> CfFormat.RENAMED;
            case CfReply.Linked _ -> CfFormat.LINKED;
        };
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

    private static CfWriter named(CfWriter out, FileHandle directory, Name name) {
        return name(handle(out, directory), name);
    }

    private static CfWriter name(CfWriter out, Name name) {
        return out.byte1(name.length()).raw(name.bytes());
    }

    private static void readDirectory(CfWriter out, CfRequest.ReadDirectory r) {
        handle(out, r.directory()).long8(r.cookie()).long8(r.cookieVerifier());
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
            switch (present) {
                case SetAttributes.SetTime.ServerTime _ -> out.flag(false);
                case SetAttributes.SetTime.ClientTime t -> out.flag(true).long8(t.timeNs());
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
