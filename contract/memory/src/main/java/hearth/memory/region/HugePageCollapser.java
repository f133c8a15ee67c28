package hearth.memory.region;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;

import hearth.base.Units;
import hearth.base.posix.MemoryFiles;

/// Makes huge pages of a region, in the background and piece by piece, so that a dead guest's memory is torn down in
/// a fraction of a millisecond instead of tens per GiB. Logic only: the caller's thread calls `step` until it says
/// that nothing is left, with pauses of its choice. Serving never waits for it. One thread.
public final class HugePageCollapser {
    private static final int TRIES_MAX = 5;

    private final Region region;
    private final MemorySegment[] files;
    private final BitSet[] done;
    private int file;
    private long piece;
    private int pass;
    private boolean finished;

    public HugePageCollapser(Region region) {
        this.region = region;
        FileKind[] kinds = FileKind.values();
        files = new MemorySegment[kinds.length];
        done = new BitSet[kinds.length];
        for (FileKind kind : kinds) {
            files[kind.ordinal()] = region.file(kind);
            done[kind.ordinal()] = new BitSet();
        }
    }

    /// Works on one piece of 2 MiB, some milliseconds. Pieces that failed are tried again in later passes. False when
    /// all are huge or were tried often enough.
    public boolean step() {
        while (!finished) {
            MemorySegment current = files[file];
            if (piece * Units.HUGE_PAGE_SIZE >= current.byteSize()) {
                next();
            } else if (done[file].get((int) piece)) {
                piece++;
            } else {
                collapse(current);
                piece++;
                return true;
            }
        }
        return false;
    }

    private void collapse(MemorySegment current) {
        MemorySegment page = current.asSlice(piece * Units.HUGE_PAGE_SIZE, Units.HUGE_PAGE_SIZE);
        try {
            MemoryFiles.populate(page);
        } catch (IOException e) {
            // Populating is an optimisation; the pages are allocated and fault in one by one without it.
            return;
        }
        if (MemoryFiles.collapse(page)) {
            done[file].set((int) piece);
        }
    }

    private void next() {
        piece = 0;
        file++;
        if (file == files.length) {
            file = 0;
            pass++;
            finished = pass == TRIES_MAX || percentage() == 100;
        }
    }

    /// Share of the region's pieces that were collapsed, 0 to 100.
    public int percentage() {
        long pieces = region.geometry().memoryNeededBytes() / Units.HUGE_PAGE_SIZE;
        long huge = 0;
        for (BitSet set : done) {
            huge += set.cardinality();
        }
        return (int) (huge * 100 / pieces);
    }
}
