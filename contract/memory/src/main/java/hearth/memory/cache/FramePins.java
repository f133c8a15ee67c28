package hearth.memory.cache;

import java.util.ArrayList;
import java.util.List;

import hearth.base.Check;
import hearth.base.posix.IoVector;

/// Frames whose bytes are to be sent as they stand: none of them is filled anew before `release`. They are in the heap,
/// so a dead guest's pins hold nothing. One thread adds; any thread releases, once.
public final class FramePins {
    private final IoVector to;
    private final long[] frames;
    private final List<CacheMemory> owners = new ArrayList<>(1);
    private int count;
    private boolean released;
    private long touched;

    /// @param to gets the bytes of each pinned frame
    /// @param framesMax most frames that will be pinned
    public FramePins(IoVector to, int framesMax) {
        this.to = to;
        frames = new long[framesMax];
    }

    /// Bytes that are no frame's, behind those that are there.
    public IoVector to() {
        return to;
    }

    public int count() {
        return count;
    }

    long frame(int index) {
        return frames[index];
    }

    /// Takes what was read, so that it has to be read.
    void touched(long sum) {
        touched += sum;
    }

    boolean isFull() {
        return count == frames.length || to.room() == 0;
    }

    void add(CacheMemory owner, long frame) {
        Check.that(!released, "pinned after the release", frame);
        if (owners.isEmpty()) {
            owners.add(owner);
        }
        Check.that(owners.getFirst() == owner, "pins in two caches");
        frames[count++] = frame;
    }

    /// The frames may be filled anew from here on.
    public void release() {
        Check.that(!released, "pins released twice", count);
        released = true;
        for (int i = 0; i < count; i++) {
            owners.getFirst().unpin(frame(i));
        }
    }
}
