package hearth.dmodule.filesystem.operation;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import hearth.base.Check;
import hearth.base.Units;
import hearth.cf.Attributes;
import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfStatus;
import hearth.dmodule.filesystem.core.DataAt;
import hearth.dmodule.filesystem.core.FsAccess;
import hearth.dmodule.filesystem.core.MissingBlock;
import hearth.dmodule.filesystem.format.BlockPointer;
import hearth.dmodule.nvlog.NvLog;
import hearth.memory.cache.FramePins;

/// One READ. Under the shared lock it finds out where the file's blocks are; then, without the lock, it copies them
/// from the log, the cache or the disk. What was found can move meanwhile (a consistency point writes it elsewhere and
/// the old place is used again); copies notice that, and the read starts over.
final class FileRead {
    private static final int BLOCK = Units.BLOCK_SIZE;
    /// Blocks of one disk request: long enough that a request costs little for each, short enough that the requests of
    /// one call are spread over the disks.
    private static final int RUN_BLOCKS_MAX = 64;

    private final CfRequest.Read request;
    private final MemorySegment room;
    private final Attributes attributes;
    private final int count;
    private final DataAt[] blocks;

    private FileRead(
            CfRequest.Read request, MemorySegment room, Attributes attributes, int count, DataAt[] blocks) {
        this.request = request;
        this.room = room;
        this.attributes = attributes;
        this.count = count;
        this.blocks = blocks;
    }

    /// Under the shared lock: where everything is.
    ///
    /// @param room where the data goes, at least `countBytes`
    static FileRead resolve(View view, CfRequest.Read request, MemorySegment room) throws Refusal, MissingBlock {
        var node = view.node(request.file());
        var fields = node.fields();
        Refusal.unless(!fields.isDirectory(), CfStatus.IS_A_DIRECTORY);
        Refusal.unless(fields.isRegular(), CfStatus.INVALID);
        Refusal.unless(Permissions.mayRead(view.caller(), fields), CfStatus.ACCESS_DENIED);
        Refusal.unless(request.offset() >= 0 && request.countBytes() >= 0, CfStatus.INVALID);
        int count = (int) Math.min(request.countBytes(), Math.max(0, fields.sizeBytes() - request.offset()));
        Check.that(room.byteSize() >= count, "room smaller than the call", room.byteSize(), count);
        long first = request.offset() / BLOCK;
        var blocks = new DataAt[(int) ((request.offset() % BLOCK + count + BLOCK - 1) / BLOCK)];
        for (int i = 0; i < blocks.length && count > 0; i++) {
            blocks[i] = view.state().data(node.inode(), first + i);
        }
        return new FileRead(request, room, view.attributes(node), count, blocks);
    }

    /// Without the lock: copies what `resolve` found, up to a block that is no longer there. What the cache does not
    /// have is read from the disks side by side.
    Moved copy(FsAccess access, NvLog log) throws IOException {
        var cold = new ArrayList<Part>();
        long at = 0;
        int offset = (int) (request.offset() % BLOCK);
        for (int i = 0; at < count; i++) {
            var part = new Part(i, offset, (int) Math.min(BLOCK - offset, count - at), at);
            if (blocks.length == 1 && blocks[i] instanceof DataAt.OnDisk on) {
                if (!access.read(on.pointer(), offset, part.length(), room, at)) {
                    return new Moved(i, on);
                }
            } else if (!copyFromMemory(access, log, part)) {
                if (!(blocks[i] instanceof DataAt.OnDisk)) {
                    return new Moved(i, blocks[i]);
                }
                cold.add(part);
            }
            at += part.length();
            offset = 0;
        }
        return cold.isEmpty() ? Moved.NOTHING : readCold(access, cold);
    }

    /// Without the lock: copies all of it if memory has it. False: anything may stand in the room.
    boolean copyAtHand(FsAccess access, NvLog log) {
        long at = 0;
        int offset = (int) (request.offset() % BLOCK);
        for (int i = 0; at < count; i++) {
            var part = new Part(i, offset, (int) Math.min(BLOCK - offset, count - at), at);
            if (!copyFromMemory(access, log, part)) {
                return false;
            }
            at += part.length();
            offset = 0;
        }
        return true;
    }

    /// Without the lock: puts all of it together if memory has it. Blocks in the cache are pinned where they stand, the
    /// others are copied to the room. False: anything may stand in the room, and `pins` have to be released.
    boolean gatherAtHand(FsAccess access, NvLog log, FramePins pins) {
        for (DataAt block : blocks) {
            if (block instanceof DataAt.OnDisk on) {
                access.touchCached(on.pointer(), pins);
            }
        }
        long at = 0;
        int offset = (int) (request.offset() % BLOCK);
        for (int i = 0; at < count; i++) {
            int length = (int) Math.min(BLOCK - offset, count - at);
            boolean pinned = blocks[i] instanceof DataAt.OnDisk on
                    && access.pinCached(on.pointer(), offset, length, pins);
            if (!pinned) {
                if (!copyFromMemory(access, log, new Part(i, offset, length, at))) {
                    return false;
                }
                pins.to().add(room, at, length);
            }
            at += length;
            offset = 0;
        }
        return true;
    }

    /// Blocks that the read touches.
    int blocks() {
        return blocks.length;
    }

    private boolean copyFromMemory(FsAccess access, NvLog log, Part part) {
        var from = blocks[part.block()];
        if (from instanceof DataAt.OnDisk on) {
            return access.copyCached(on.pointer(), part.offset(), part.length(), room, part.at());
        } else if (from instanceof DataAt.InLog in) {
            return log.copyPayload(in.payloadRef(), part.offset(), room, part.at(), part.length());
        }
        room.asSlice(part.at(), part.length()).fill((byte) 0);
        return true;
    }

    /// A block's part and its place in the room.
    private record Part(int block, int offset, int length, long at) {}

    private Moved readCold(FsAccess access, List<Part> parts) throws IOException {
        var moved = new ConcurrentLinkedQueue<Moved>();
        var reads = new ArrayList<SideBySide.Task>();
        var pointers = new ArrayList<BlockPointer>();
        int first = 0;
        for (int i = 0; i < parts.size(); i++) {
            var pointer = pointer(parts.get(i));
            boolean neighbour = i > first && pointer.vbn() == pointers.getLast().vbn() + 1;
            if (i > first && (!neighbour || i - first == RUN_BLOCKS_MAX)) {
                reads.add(run(access, parts.subList(first, i), List.copyOf(pointers), moved));
                pointers.clear();
                first = i;
            }
            pointers.add(pointer);
        }
        reads.add(run(access, parts.subList(first, parts.size()), List.copyOf(pointers), moved));
        SideBySide.run(reads);
        return moved.stream().findFirst().orElse(Moved.NOTHING);
    }

    private BlockPointer pointer(Part part) {
        return ((DataAt.OnDisk) blocks[part.block()]).pointer();
    }

    /// Reads what lies side by side on disk: one request for all of it, then each block as if it were alone.
    private SideBySide.Task run(FsAccess access, List<Part> run, List<BlockPointer> pointers, Queue<Moved> moved) {
        return () -> {
            if (run.size() > 1) {
                access.gather(pointers);
            }
            for (int i = 0; i < run.size(); i++) {
                var part = run.get(i);
                if (!access.read(pointers.get(i), part.offset(), part.length(), room, part.at())) {
                    moved.add(new Moved(part.block(), blocks[part.block()]));
                }
            }
        };
    }

    /// A block of this read that was not at its place.
    record Moved(int block, DataAt from) {
        static final Moved NOTHING = new Moved(-1, DataAt.Hole.HOLE);
    }

    /// Whether a block said to have moved from disk is where it was.
    boolean isAt(Moved moved) {
        return moved.from() instanceof DataAt.OnDisk && moved.block() < blocks.length
                && moved.from().equals(blocks[moved.block()]);
    }

    int countBytes() {
        return count;
    }

    CfReply reply() {
        boolean end = request.offset() + count >= attributes.sizeBytes();
        return new CfReply.Data(attributes, count, end);
    }
}
