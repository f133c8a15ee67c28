package hearth.nmodule.nfs;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

import hearth.base.Units;
import hearth.base.posix.IoVector;
import hearth.cf.Attributes;
import hearth.cf.Caller;
import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfService;
import hearth.cf.CfStatus;
import hearth.cf.Export;
import hearth.cf.FileHandle;
import hearth.cf.FileType;
import hearth.cf.Name;
import hearth.cf.SetAttributes;
import hearth.cf.Stability;
import hearth.cf.Wcc;

/// For tests of the protocol only: a small file tree in memory behind CF. It checks what a file system must (types,
/// names, generations), no permissions, and can be told to answer something else.
final class MemoryTree implements CfService {
    static final long AGGREGATE = 0x1122334455667788L;
    static final int VOLUME = 7;
    private static final int BLOCK = Units.BLOCK_SIZE;
    static final long VERIFIER = 0x0102030405060708L;
    static final long COOKIE_VERIFIER = 0x7172737475767778L;
    static final FileHandle ROOT = new FileHandle(AGGREGATE, VOLUME, 1, 1);

    private final Map<Long, Node> nodes = new HashMap<>();
    private long nextInode = 2;
    private long clockNs = 1_700_000_000_123_456_789L;

    volatile List<Export> exports =
            List.of(new Export("/vol0", ROOT, false, List.of(), Export.Squash.NONE, 65534, 65534));
    volatile Function<CfRequest, Optional<CfReply>> instead = _ -> Optional.empty();
    /// Reads whose bytes were put together from parts; the reactor's thread counts.
    volatile int gathered;
    volatile Optional<Caller> lastCaller = Optional.empty();
    volatile Optional<CfRequest> lastRequest = Optional.empty();

    private static final class Node {
        final FileHandle handle;
        final FileType type;
        final TreeMap<String, Long> entries = new TreeMap<>();
        byte[] data = new byte[0];
        int mode;
        int uid;
        int gid;
        int links = 1;
        int major;
        int minor;
        long verifier;
        long parent = 1;
        long accessNs;
        long modifyNs;
        long changeNs;

        Node(FileHandle handle, FileType type) {
            this.handle = handle;
            this.type = type;
        }
    }

    MemoryTree() {
        var root = new Node(ROOT, FileType.DIRECTORY);
        root.mode = 0755;
        root.links = 2;
        nodes.put(1L, root);
    }

    @Override
    public CfReply call(Caller caller, CfRequest request, MemorySegment payload, MemorySegment room) {
        if (!(request instanceof CfRequest.ListExports)) {
            lastCaller = Optional.of(caller);
            lastRequest = Optional.of(request);
        }
        return instead.apply(request).orElseGet(() -> answer(caller, request, payload, room));
    }

    /// Every block in memory of its own, as a cache has them.
    @Override
    @SuppressWarnings("NonAtomicOperationOnVolatileField") // one writer
    public Optional<CfReply> tryGather(Caller caller, CfRequest.Read request, MemorySegment room, IoVector parts) {
        var data = Arena.ofAuto().allocate(Math.max(1, request.countBytes()));
        var reply = call(caller, request, MemorySegment.NULL, data);
        if (reply instanceof CfReply.Data found) {
            for (int at = 0; at < found.countBytes(); at += BLOCK) {
                int length = Math.min(BLOCK, found.countBytes() - at);
                parts.add(Arena.ofAuto().allocate(BLOCK + 1).copyFrom(data.asSlice(at, length)), 0, length);
            }
            gathered++;
        }
        return Optional.of(reply);
    }

    private synchronized CfReply answer(Caller caller, CfRequest request, MemorySegment payload, MemorySegment room) {
        if (request instanceof CfRequest.ListExports) {
            return new CfReply.Exports(exports);
        }
        var found = node(CfRequest.handleOf(request).orElseThrow());
        if (found.isEmpty()) {
            return CfReply.Failed.of(CfStatus.STALE);
        }
        var node = found.get();
        if (request.mutates() && caller.readOnly()) {
            return new CfReply.Failed(CfStatus.READ_ONLY, after(node), Wcc.UNKNOWN);
        }
        return switch (request) {
            case CfRequest.GetAttributes _ -> new CfReply.AttributesOf(attributes(node));
            case CfRequest.Access r -> new CfReply.Granted(attributes(node), r.mask());
            case CfRequest.Lookup r -> lookup(node, r);
            case CfRequest.ReadLink _ ->
                node.type == FileType.SYMBOLIC_LINK
                        ? new CfReply.LinkText(attributes(node), node.data)
                        : failed(CfStatus.INVALID, node);
            case CfRequest.Read r -> read(node, r, room);
            case CfRequest.ReadDirectory r -> list(node, r);
            case CfRequest.FileSystemStatistics _ ->
                new CfReply.Statistics(attributes(node), 1000, 600, 500, 100, 50, 1L << 44, 32000);
            case CfRequest.Commit _ -> new CfReply.Committed(after(node), VERIFIER);
            case CfRequest.Change r -> change(node, r);
            case CfRequest.Write r -> write(node, r, payload);
            case CfRequest.Create r -> create(caller, node, r);
            case CfRequest.MakeDirectory r -> make(caller, node, r.name(), FileType.DIRECTORY, r.attributes());
            case CfRequest.SymbolicLink r -> link(caller, node, r);
            case CfRequest.MakeNode r -> makeNode(caller, node, r);
            case CfRequest.Remove r -> remove(node, r.name(), false);
            case CfRequest.RemoveDirectory r -> remove(node, r.name(), true);
            case CfRequest.Rename r -> rename(node, r);
            case CfRequest.Link r -> hardLink(node, r);
            case CfRequest.ListExports _ -> throw new AssertionError();
        };
    }

    private Optional<Node> node(FileHandle handle) {
        return Optional.ofNullable(nodes.get(handle.inode())).filter(node -> node.handle.equals(handle));
    }

    private static Attributes attributes(Node node) {
        return new Attributes(
                node.type, node.mode, node.links, node.uid, node.gid, node.data.length, node.data.length, node.major,
                node.minor, 42, node.handle.inode(), node.accessNs, node.modifyNs, node.changeNs);
    }

    private static Wcc.Before before(Node node) {
        return new Wcc.Before(node.data.length, node.modifyNs, node.changeNs);
    }

    private static Wcc wcc(Wcc.Before before, Node node) {
        return new Wcc(Optional.of(before), Optional.of(attributes(node)));
    }

    private static Wcc after(Node node) {
        return new Wcc(Optional.empty(), Optional.of(attributes(node)));
    }

    private static CfReply failed(CfStatus status, Node node) {
        return new CfReply.Failed(status, after(node), Wcc.UNKNOWN);
    }

    private void touch(Node node) {
        clockNs += 1_000;
        node.modifyNs = clockNs;
        node.changeNs = clockNs;
    }

    private CfReply lookup(Node directory, CfRequest.Lookup r) {
        if (directory.type != FileType.DIRECTORY) {
            return failed(CfStatus.NOT_A_DIRECTORY, directory);
        }
        Long inode = r.name().isDot()
                ? Long.valueOf(directory.handle.inode())
                : r.name().isDotDot() ? Long.valueOf(directory.parent) : directory.entries.get(r.name().toString());
        if (inode == null) {
            return failed(CfStatus.NOT_FOUND, directory);
        }
        var node = nodes.get(inode);
        return new CfReply.Found(node.handle, attributes(node), attributes(directory));
    }

    private static CfReply read(Node node, CfRequest.Read r, MemorySegment room) {
        if (node.type == FileType.DIRECTORY) {
            return failed(CfStatus.IS_A_DIRECTORY, node);
        }
        int from = (int) Math.min(r.offset(), node.data.length);
        int count = Math.min(r.countBytes(), node.data.length - from);
        MemorySegment.copy(node.data, from, room, ValueLayout.JAVA_BYTE, 0, count);
        return new CfReply.Data(attributes(node), count, from + count == node.data.length);
    }

    private CfReply list(Node directory, CfRequest.ReadDirectory r) {
        if (directory.type != FileType.DIRECTORY) {
            return failed(CfStatus.NOT_A_DIRECTORY, directory);
        }
        if (r.cookie() != 0 && r.cookieVerifier() != COOKIE_VERIFIER) {
            return failed(CfStatus.BAD_COOKIE, directory);
        }
        List<CfReply.Entry> all = new ArrayList<>();
        all.add(entry(".", directory, 1, r.withAttributes()));
        all.add(entry("..", nodes.get(directory.parent), 2, r.withAttributes()));
        for (var e : directory.entries.entrySet()) {
            all.add(entry(e.getKey(), nodes.get(e.getValue()), e.getValue() + 10, r.withAttributes()));
        }
        all.sort((a, b) -> Long.compare(a.cookie(), b.cookie()));
        List<CfReply.Entry> entries = new ArrayList<>();
        int size = 0;
        for (var entry : all) {
            size += entry.name().length() + (r.withAttributes() ? 144 : 24);
            if (entry.cookie() > r.cookie()) {
                if (size > r.sizeMaxBytes() || entries.size() == r.countMax()) {
                    return new CfReply.Entries(attributes(directory), COOKIE_VERIFIER, entries, false);
                }
                entries.add(entry);
            } else {
                size = 0;
            }
        }
        return new CfReply.Entries(attributes(directory), COOKIE_VERIFIER, entries, true);
    }

    private static CfReply.Entry entry(String name, Node node, long cookie, boolean plus) {
        return new CfReply.Entry(
                node.handle.inode(),
                Name.of(name),
                cookie,
                plus ? Optional.of(attributes(node)) : Optional.empty(),
                plus ? Optional.of(node.handle) : Optional.empty());
    }

    private CfReply change(Node node, CfRequest.Change r) {
        var before = before(node);
        if (r.guardChangeTimeNs().isPresent() && r.guardChangeTimeNs().getAsLong() != node.changeNs) {
            return new CfReply.Failed(CfStatus.NOT_SYNCHRONIZED, wcc(before, node), Wcc.UNKNOWN);
        }
        touch(node);
        set(node, r.change());
        return new CfReply.Changed(wcc(before, node));
    }

    private void set(Node node, SetAttributes set) {
        set.mode().ifPresent(mode -> node.mode = mode);
        set.uid().ifPresent(uid -> node.uid = uid);
        set.gid().ifPresent(gid -> node.gid = gid);
        set.sizeBytes().ifPresent(size -> node.data = Arrays.copyOf(node.data, (int) size));
        set.accessTime().ifPresent(time -> node.accessNs = ns(time));
        set.modifyTime().ifPresent(time -> node.modifyNs = ns(time));
    }

    private long ns(SetAttributes.SetTime time) {
        return switch (time) {
            case SetAttributes.SetTime.ServerTime _ -> clockNs;
            case SetAttributes.SetTime.ClientTime t -> t.timeNs();
        };
    }

    private CfReply write(Node node, CfRequest.Write r, MemorySegment payload) {
        if (node.type == FileType.DIRECTORY) {
            return failed(CfStatus.IS_A_DIRECTORY, node);
        }
        if (r.offset() + r.countBytes() > 512L << 20) {
            return failed(CfStatus.TOO_BIG, node);
        }
        var before = before(node);
        int end = (int) r.offset() + r.countBytes();
        if (end > node.data.length) {
            node.data = Arrays.copyOf(node.data, end);
        }
        MemorySegment.copy(payload, ValueLayout.JAVA_BYTE, 0, node.data, (int) r.offset(), r.countBytes());
        touch(node);
        return new CfReply.Written(wcc(before, node), r.countBytes(), Stability.FILE_SYNC, VERIFIER);
    }

    private CfReply create(Caller caller, Node directory, CfRequest.Create r) {
        Long existing = directory.entries.get(r.name().toString());
        if (existing != null && directory.type == FileType.DIRECTORY) {
            var node = nodes.get(existing);
            boolean repeat = r.how() == CfRequest.Create.How.EXCLUSIVE && node.verifier == r.verifier();
            if (r.how() == CfRequest.Create.How.UNCHECKED || repeat) {
                set(node, r.attributes());
                return new CfReply.Created(node.handle, attributes(node), wcc(before(directory), directory));
            }
        }
        var reply = make(caller, directory, r.name(), FileType.REGULAR, r.attributes());
        if (reply instanceof CfReply.Created created) {
            nodes.get(created.file().inode()).verifier = r.verifier();
        }
        return reply;
    }

    private CfReply make(Caller caller, Node directory, Name name, FileType type, SetAttributes set) {
        if (directory.type != FileType.DIRECTORY) {
            return failed(CfStatus.NOT_A_DIRECTORY, directory);
        }
        if (directory.entries.containsKey(name.toString())) {
            return failed(CfStatus.EXISTS, directory);
        }
        var before = before(directory);
        long inode = nextInode++;
        var node = new Node(new FileHandle(AGGREGATE, VOLUME, inode, (int) inode * 3), type);
        node.uid = caller.uid();
        node.gid = caller.gid();
        node.mode = 0644;
        node.parent = directory.handle.inode();
        touch(node);
        set(node, set);
        nodes.put(inode, node);
        directory.entries.put(name.toString(), inode);
        touch(directory);
        return new CfReply.Created(node.handle, attributes(node), wcc(before, directory));
    }

    private CfReply link(Caller caller, Node directory, CfRequest.SymbolicLink r) {
        var reply = make(caller, directory, r.name(), FileType.SYMBOLIC_LINK, r.attributes());
        if (reply instanceof CfReply.Created created) {
            nodes.get(created.file().inode()).data = r.target();
        }
        return reply;
    }

    private CfReply makeNode(Caller caller, Node directory, CfRequest.MakeNode r) {
        var reply = make(caller, directory, r.name(), r.type(), r.attributes());
        if (reply instanceof CfReply.Created created) {
            var node = nodes.get(created.file().inode());
            node.major = r.major();
            node.minor = r.minor();
            return new CfReply.Created(node.handle, attributes(node), created.directory());
        }
        return reply;
    }

    private CfReply remove(Node directory, Name name, boolean wantDirectory) {
        Long inode = directory.entries.get(name.toString());
        if (inode == null) {
            return failed(CfStatus.NOT_FOUND, directory);
        }
        var node = nodes.get(inode);
        boolean isDirectory = node.type == FileType.DIRECTORY;
        if (isDirectory != wantDirectory) {
            return failed(isDirectory ? CfStatus.IS_A_DIRECTORY : CfStatus.NOT_A_DIRECTORY, directory);
        }
        if (!node.entries.isEmpty()) {
            return failed(CfStatus.NOT_EMPTY, directory);
        }
        var before = before(directory);
        directory.entries.remove(name.toString());
        if (--node.links == 0) {
            nodes.remove(inode);
        }
        touch(directory);
        return new CfReply.Removed(wcc(before, directory));
    }

    private CfReply rename(Node from, CfRequest.Rename r) {
        var to = node(r.toDirectory());
        Long inode = from.entries.get(r.fromName().toString());
        if (to.isEmpty() || inode == null) {
            return new CfReply.Failed(
                    to.isEmpty() ? CfStatus.STALE : CfStatus.NOT_FOUND,
                    after(from),
                    to.map(MemoryTree::after).orElse(Wcc.UNKNOWN));
        }
        var fromBefore = before(from);
        var toBefore = before(to.get());
        from.entries.remove(r.fromName().toString());
        to.get().entries.put(r.toName().toString(), inode);
        touch(from);
        touch(to.get());
        return new CfReply.Renamed(wcc(fromBefore, from), wcc(toBefore, to.get()));
    }

    private CfReply hardLink(Node file, CfRequest.Link r) {
        var directory = node(r.directory()).orElseThrow();
        var before = before(directory);
        if (directory.entries.containsKey(r.name().toString())) {
            return new CfReply.Failed(CfStatus.EXISTS, after(directory), after(file));
        }
        directory.entries.put(r.name().toString(), file.handle.inode());
        file.links++;
        touch(directory);
        return new CfReply.Linked(attributes(file), wcc(before, directory));
    }
}
