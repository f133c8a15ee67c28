package hearth.dmodule.filesystem.operation;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import hearth.base.Check;
import hearth.base.Units;
import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfStatus;
import hearth.cf.Stability;
import hearth.cf.Wcc;
import hearth.dmodule.filesystem.core.MissingBlock;
import hearth.dmodule.filesystem.core.SpaceAccounting;
import hearth.dmodule.filesystem.format.TreeLayout;

/// Plans one WRITE. The log gets whole blocks: the first and last are completed with the file's old bytes, or with
/// zeros beyond its end. Checksums of blocks that the call brings whole are computed before the lock is taken.
final class WritePlanner implements Planner {
    private static final int BLOCK = Units.BLOCK_SIZE;
    private static final int COUNT_MAX = Units.MIB;
    static final long SIZE_MAX = TreeLayout.FILE_BLOCKS_MAX * BLOCK;

    private final CfRequest.Write request;
    private final MemorySegment payload;
    private final FileBytes files;
    private final Scratch scratch;
    private final long verifier;
    private final long end;
    private final long firstBlock;
    // Offset of the call's first byte within the first block.
    private final int lead;
    private final int[] crcs;

    /// @param payload the call's bytes, at least `countBytes`
    /// @param verifier the write verifier to answer with
    WritePlanner(CfRequest.Write request, MemorySegment payload, FileBytes files, Scratch scratch, long verifier) {
        this.request = request;
        this.payload = payload;
        this.files = files;
        this.scratch = scratch;
        this.verifier = verifier;
        boolean sane = request.offset() >= 0
                && request.countBytes() >= 0
                && request.countBytes() <= COUNT_MAX
                && request.offset() <= SIZE_MAX - request.countBytes();
        end = sane ? request.offset() + request.countBytes() : -1;
        firstBlock = request.offset() / BLOCK;
        lead = (int) (request.offset() % BLOCK);
        crcs = sane ? wholeBlockChecksums() : new int[0];
    }

    private int[] wholeBlockChecksums() {
        Check.that(payload.byteSize() >= request.countBytes(), "payload shorter than the call", payload.byteSize());
        int[] result = new int[(lead + request.countBytes() + BLOCK - 1) / BLOCK];
        int from = lead == 0 ? 0 : 1;
        int to = (lead + request.countBytes()) / BLOCK;
        if (from < to) {
            var checksum = new Scratch.BlockChecksum(payload);
            for (int i = from; i < to; i++) {
                result[i] = checksum.of((long) i * BLOCK - lead);
            }
        }
        return result;
    }

    @Override
    public Plan plan(View view) throws Refusal, MissingBlock {
        var file = view.node(request.file());
        var old = file.fields();
        Refusal.unless(!old.isDirectory(), CfStatus.IS_A_DIRECTORY);
        Refusal.unless(old.isRegular(), CfStatus.INVALID);
        Refusal.unless(Permissions.mayWrite(view.caller(), old), CfStatus.ACCESS_DENIED);
        Refusal.unless(request.offset() >= 0 && request.countBytes() >= 0, CfStatus.INVALID);
        Refusal.unless(end >= 0, request.countBytes() > COUNT_MAX ? CfStatus.INVALID : CfStatus.TOO_BIG);
        int volumeId = file.volume().id();
        if (request.countBytes() == 0) {
            return Plan.shrink(Effect.none(volumeId), reply(view.unchanged(file)), 0);
        }
        var bytes = wholeBlocks(view, file);
        var fields = old.withMode(Permissions.modeAfterWrite(view.caller(), old))
                .modified(old.nextChangeNs(view.nowNs()), Math.max(old.sizeBytes(), end));
        var effect = new Effect(
                volumeId,
                List.of(
                        new EffectStep.Data(file.ino(), firstBlock, 0, crcs.clone()),
                        new EffectStep.SetInode(file.ino(), fields)));
        var space = view.state().space();
        long cost = space.writeCost(file.inode(), firstBlock, crcs.length) + space.inodeCost(file.volume(), file.ino());
        var attributes = view.attributes(file, fields, newBlocks(old.sizeBytes()));
        var wcc = new Wcc(Optional.of(old.before()), Optional.of(attributes));
        return new Plan(effect, reply(wcc), bytes, cost, SpaceAccounting.Use.GROW);
    }

    /// Blocks that the write adds behind the file's end.
    private long newBlocks(long oldSize) {
        long oldBlocks = (oldSize + BLOCK - 1) / BLOCK;
        return Math.max(0, firstBlock + crcs.length - Math.max(oldBlocks, firstBlock));
    }

    /// What is in the log is as stable as its record, whatever was asked for: data and attributes stand in it together.
    private CfReply reply(Wcc wcc) {
        var stability = request.stability() == Stability.UNSTABLE ? Stability.UNSTABLE : Stability.FILE_SYNC;
        return new CfReply.Written(wcc, request.countBytes(), stability, verifier);
    }

    /// The payload for the log in up to three pieces; completes `crcs`.
    private List<MemorySegment> wholeBlocks(View view, View.Node file) throws MissingBlock {
        int tail = (int) (end % BLOCK);
        boolean one = crcs.length == 1;
        if (lead == 0 && tail == 0) {
            return List.of(payload.asSlice(0, request.countBytes()));
        }
        var pieces = new ArrayList<MemorySegment>(3);
        long from = 0;
        if (lead != 0 || one) {
            long length = Math.min(request.countBytes(), BLOCK - lead);
            old(view, file, firstBlock, 0, lead, 0);
            if (one && tail != 0) {
                old(view, file, firstBlock, tail, BLOCK - tail, tail);
            }
            MemorySegment.copy(payload, 0, scratch.bytes(), lead, length);
            crcs[0] = scratch.crc(0);
            pieces.add(scratch.block(0));
            from = length;
        }
        long to = one ? from : request.countBytes() - tail;
        if (from < to) {
            pieces.add(payload.asSlice(from, to - from));
        }
        if (tail != 0 && !one) {
            int last = crcs.length - 1;
            old(view, file, firstBlock + last, tail, BLOCK - tail, BLOCK + tail);
            MemorySegment.copy(payload, to, scratch.bytes(), BLOCK, tail);
            crcs[last] = scratch.crc(1);
            pieces.add(scratch.block(1));
        }
        return pieces;
    }

    /// Puts the file's bytes from `offset` of a block on, or zeros where it has none, into the scratch blocks.
    private void old(View view, View.Node file, long block, int offset, int length, long toOffset) throws MissingBlock {
        boolean beyond = block * BLOCK + offset >= file.fields().sizeBytes();
        boolean there = !beyond
                && files.copy(view.state(), file.inode(), block, offset, length, scratch.bytes(), toOffset);
        if (!there) {
            scratch.zero(toOffset, toOffset + length);
        }
    }
}
