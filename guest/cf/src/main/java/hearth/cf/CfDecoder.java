package hearth.cf;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Bytes to messages (see `CfFormat`). Stateless; any thread. Total: any bytes give a message within its limits or a
/// `CfFormatException`, and what is allocated is bounded by the bytes that are there.
public final class CfDecoder {
    private static final FileType[] TYPES = FileType.values();
    private static final CfStatus[] STATUSES = CfStatus.values();
    private static final Stability[] STABILITIES = Stability.values();
    private static final CfRequest.Create.How[] HOWS = CfRequest.Create.How.values();
    private static final Export.Squash[] SQUASHES = Export.Squash.values();

    private CfDecoder() {}

    /// One request with its caller.
    public static CfCall decodeRequest(byte[] bytes) throws CfFormatException {
        var in = new CfReader(bytes);
        version(in);
        int kind = in.byte1();
        var caller = caller(in);
        var call = new CfCall(caller, request(in, kind));
        in.end();
        return call;
    }

    /// One reply.
    public static CfReply decodeReply(byte[] bytes) throws CfFormatException {
        var in = new CfReader(bytes);
        version(in);
        var reply = reply(in, in.byte1());
        in.end();
        return reply;
    }

    private static CfRequest request(CfReader in, int kind) throws CfFormatException {
        return switch (kind) {
            case CfFormat.GET_ATTRIBUTES -> new CfRequest.GetAttributes(handle(in));
            case CfFormat.LOOKUP -> new CfRequest.Lookup(handle(in), name(in));
            case CfFormat.ACCESS -> new CfRequest.Access(handle(in), in.int4());
            case CfFormat.READ_LINK -> new CfRequest.ReadLink(handle(in));
            case CfFormat.READ -> new CfRequest.Read(handle(in), in.long8(), transfer(in));
            case CfFormat.READ_DIRECTORY ->
                new CfRequest.ReadDirectory(
                        handle(in), in.long8(), in.long8(), limit(in), limit(in), in.flag());
            case CfFormat.FILE_SYSTEM_STATISTICS -> new CfRequest.FileSystemStatistics(handle(in));
            case CfFormat.COMMIT -> new CfRequest.Commit(handle(in), in.long8(), in.int4());
            case CfFormat.LIST_EXPORTS -> new CfRequest.ListExports();
            case CfFormat.CHANGE -> new CfRequest.Change(handle(in), set(in), optionalLong(in));
            case CfFormat.WRITE ->
                new CfRequest.Write(
                        handle(in), in.long8(), transfer(in), in.coded(STABILITIES, Stability::code));
            case CfFormat.CREATE ->
                new CfRequest.Create(
                        handle(in),
                        name(in),
                        in.coded(HOWS, CfRequest.Create.How::code),
                        set(in),
                        in.long8());
            case CfFormat.MAKE_DIRECTORY -> new CfRequest.MakeDirectory(handle(in), name(in), set(in));
            case CfFormat.SYMBOLIC_LINK ->
                new CfRequest.SymbolicLink(
                        handle(in), name(in), set(in), in.counted(CfLimits.LINK_TARGET_BYTES_MAX));
            case CfFormat.MAKE_NODE ->
                new CfRequest.MakeNode(handle(in), name(in), type(in), set(in), in.int4(), in.int4());
            case CfFormat.REMOVE -> new CfRequest.Remove(handle(in), name(in));
            case CfFormat.REMOVE_DIRECTORY -> new CfRequest.RemoveDirectory(handle(in), name(in));
            case CfFormat.RENAME -> new CfRequest.Rename(handle(in), name(in), handle(in), name(in));
            case CfFormat.LINK -> new CfRequest.Link(handle(in), handle(in), name(in));
            default -> throw new CfFormatException("unknown request " + kind);
        };
    }

    private static CfReply reply(CfReader in, int kind) throws CfFormatException {
        return switch (kind) {
            case CfFormat.FAILED -> failed(in);
            case CfFormat.DROPPED -> new CfReply.Dropped();
            case CfFormat.ATTRIBUTES_OF -> new CfReply.AttributesOf(attributes(in));
            case CfFormat.FOUND -> new CfReply.Found(handle(in), attributes(in), attributes(in));
            case CfFormat.GRANTED -> new CfReply.Granted(attributes(in), in.int4());
            case CfFormat.LINK_TEXT ->
                new CfReply.LinkText(attributes(in), in.counted(CfLimits.LINK_TARGET_BYTES_MAX));
            case CfFormat.DATA -> new CfReply.Data(attributes(in), transfer(in), in.flag());
            case CfFormat.ENTRIES -> entries(in);
            case CfFormat.STATISTICS ->
                new CfReply.Statistics(
                        attributes(in),
                        in.long8(),
                        in.long8(),
                        in.long8(),
                        in.long8(),
                        in.long8(),
                        in.long8(),
                        in.int4());
            case CfFormat.COMMITTED -> new CfReply.Committed(wcc(in), in.long8());
            case CfFormat.EXPORTS -> exports(in);
            case CfFormat.CHANGED -> new CfReply.Changed(wcc(in));
            case CfFormat.WRITTEN ->
                new CfReply.Written(wcc(in), transfer(in), in.coded(STABILITIES, Stability::code), in.long8());
            case CfFormat.CREATED -> new CfReply.Created(handle(in), attributes(in), wcc(in));
            case CfFormat.REMOVED -> new CfReply.Removed(wcc(in));
            case CfFormat.RENAMED -> new CfReply.Renamed(wcc(in), wcc(in));
            case CfFormat.LINKED -> new CfReply.Linked(attributes(in), wcc(in));
            default -> throw new CfFormatException("unknown reply " + kind);
        };
    }

    private static void version(CfReader in) throws CfFormatException {
        int version = in.byte1();
        if (version != CfFormat.VERSION) {
            throw new CfFormatException("version " + version + ", this program knows " + CfFormat.VERSION);
        }
    }

    private static Caller caller(CfReader in) throws CfFormatException {
        int addressBytes = in.byte1();
        if (addressBytes != 4 && addressBytes != 16) {
            throw new CfFormatException("client address of " + addressBytes + " bytes");
        }
        byte[] address = in.raw(addressBytes);
        int xid = in.int4();
        long checksum = in.long8();
        int uid = in.int4();
        int gid = in.int4();
        int count = in.byte1();
        if (count > CfFormat.GROUPS_MAX) {
            throw new CfFormatException(count + " groups");
        }
        var groups = new int[count];
        for (int i = 0; i < count; i++) {
            groups[i] = in.int4();
        }
        return new Caller(address, xid, checksum, uid, gid, groups, in.flag());
    }

    private static CfReply failed(CfReader in) throws CfFormatException {
        var status = in.coded(STATUSES, CfStatus::code);
        if (status == CfStatus.OK) {
            throw new CfFormatException("a failure with status OK");
        }
        return new CfReply.Failed(status, wcc(in), wcc(in));
    }

    private static FileHandle handle(CfReader in) throws CfFormatException {
        return new FileHandle(in.long8(), in.int4(), in.long8(), in.int4());
    }

    private static Name name(CfReader in) throws CfFormatException {
        byte[] bytes = in.raw(in.byte1());
        if (bytes.length == 0) {
            throw new CfFormatException("empty name");
        }
        for (byte b : bytes) {
            if (b == 0 || b == '/') {
                throw new CfFormatException("name with byte " + b);
            }
        }
        return new Name(bytes);
    }

    private static FileType type(CfReader in) throws CfFormatException {
        return in.coded(TYPES, FileType::code);
    }

    private static int transfer(CfReader in) throws CfFormatException {
        return in.bounded(CfLimits.TRANSFER_BYTES_MAX, "bytes of a transfer");
    }

    private static int limit(CfReader in) throws CfFormatException {
        return in.bounded(Integer.MAX_VALUE, "limit");
    }

    private static Attributes attributes(CfReader in) throws CfFormatException {
        var type = type(in);
        int mode = in.short2();
        if (mode > CfFormat.MODE_MAX) {
            throw new CfFormatException("mode " + mode);
        }
        return new Attributes(
                type,
                mode,
                in.int4(),
                in.int4(),
                in.int4(),
                in.long8(),
                in.long8(),
                in.int4(),
                in.int4(),
                in.long8(),
                in.long8(),
                in.long8(),
                in.long8(),
                in.long8());
    }

    private static Wcc wcc(CfReader in) throws CfFormatException {
        Optional<Wcc.Before> before =
                in.flag() ? Optional.of(new Wcc.Before(in.long8(), in.long8(), in.long8())) : Optional.empty();
        Optional<Attributes> after = in.flag() ? Optional.of(attributes(in)) : Optional.empty();
        return new Wcc(before, after);
    }

    private static SetAttributes set(CfReader in) throws CfFormatException {
        return new SetAttributes(
                optionalInt(in), optionalInt(in), optionalInt(in), optionalLong(in), time(in), time(in));
    }

    private static Optional<SetAttributes.SetTime> time(CfReader in) throws CfFormatException {
        if (!in.flag()) {
            return Optional.empty();
        }
        return Optional.of(
                in.flag()
                        ? new SetAttributes.SetTime.ClientTime(in.long8())
                        : new SetAttributes.SetTime.ServerTime());
    }

    private static CfReply entries(CfReader in) throws CfFormatException {
        var directory = attributes(in);
        long verifier = in.long8();
        boolean end = in.flag();
        int count = in.elements(Integer.MAX_VALUE, CfFormat.ENTRY_BYTES_MIN);
        List<CfReply.Entry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long fileId = in.long8();
            var name = name(in);
            long cookie = in.long8();
            int parts = in.byte1();
            if (parts > 3) {
                throw new CfFormatException("parts of an entry " + parts);
            }
            Optional<Attributes> attributes = (parts & 1) != 0 ? Optional.of(attributes(in)) : Optional.empty();
            Optional<FileHandle> file = (parts & 2) != 0 ? Optional.of(handle(in)) : Optional.empty();
            entries.add(new CfReply.Entry(fileId, name, cookie, attributes, file));
        }
        return new CfReply.Entries(directory, verifier, entries, end);
    }

    private static CfReply exports(CfReader in) throws CfFormatException {
        int count = in.elements(CfFormat.EXPORTS_MAX, CfFormat.EXPORT_BYTES_MIN);
        List<Export> exports = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String path = text(in, CfLimits.EXPORT_PATH_BYTES_MAX);
            var root = handle(in);
            boolean readOnly = in.flag();
            int clientCount = in.elements(CfFormat.EXPORT_CLIENTS_MAX, Short.BYTES);
            List<String> clients = new ArrayList<>(clientCount);
            for (int j = 0; j < clientCount; j++) {
                clients.add(text(in, CfFormat.CLIENT_BYTES_MAX));
            }
            var squash = in.coded(SQUASHES, Export.Squash::code);
            exports.add(new Export(path, root, readOnly, clients, squash, in.int4(), in.int4()));
        }
        return new CfReply.Exports(exports);
    }

    private static String text(CfReader in, int bytesMax) throws CfFormatException {
        byte[] bytes = in.counted(bytesMax);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new CfFormatException("text is not UTF-8");
        }
    }

    private static OptionalInt optionalInt(CfReader in) throws CfFormatException {
        return in.flag() ? OptionalInt.of(in.int4()) : OptionalInt.empty();
    }

    private static OptionalLong optionalLong(CfReader in) throws CfFormatException {
        return in.flag() ? OptionalLong.of(in.long8()) : OptionalLong.empty();
    }
}
