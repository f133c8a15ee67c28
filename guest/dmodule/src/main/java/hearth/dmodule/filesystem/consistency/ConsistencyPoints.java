package hearth.dmodule.filesystem.consistency;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

import hearth.base.Check;
import hearth.base.Clock;
import hearth.dmodule.filesystem.blockmap.BlockMap;
import hearth.dmodule.filesystem.core.BlockStore;
import hearth.dmodule.filesystem.core.FrozenSet;
import hearth.dmodule.filesystem.core.FsLock;
import hearth.dmodule.filesystem.core.HeapState;
import hearth.dmodule.filesystem.format.FsInfo;
import hearth.dmodule.filesystem.format.FsInfoLayout;

/// Runs consistency points one after the other: freeze, write, move the root, publish. Has no thread: `step` does one,
/// on the thread that the wiring gives it.
///
/// Order of the stores that matter (a death between any two leaves the old root or the new one):
/// 1. all new blocks, flush: nothing points at them yet;
/// 2. intent into the region: from here on the new root will win, the successor finishes it;
/// 3. fsinfo in its slot on every member, flush;
/// 4. committed root into the region, intent cleared;
/// 5. publication in the heap; the log's half is free.
public final class ConsistencyPoints {
    /// What the last one did.
    public record Last(long generation, long writtenBlocks, int inodes, long elapsedNs) {
        static final Last NONE = new Last(0, 0, 0, 0);
    }

    private final Aggregate aggregate;
    private final HeapState state;
    private final FsLock lock;
    private final BlockStore store;
    private final RootStore root;
    private final CommitLog log;
    private final Clock clock;
    private volatile Last last = Last.NONE;
    private volatile boolean deleting;
    private Optional<FsInfo> unfinished = Optional.empty();

    public ConsistencyPoints(
            Aggregate aggregate,
            HeapState state,
            FsLock lock,
            BlockStore store,
            RootStore root,
            CommitLog log,
            Clock clock) {
        this.aggregate = aggregate;
        this.state = state;
        this.lock = lock;
        this.store = store;
        this.root = root;
        this.log = log;
        this.clock = clock;
    }

    public Last last() {
        return last;
    }

    /// The mounted root is an intent whose fsinfo may not stand on the disks yet: the next `step` writes it before
    /// anything else. Before the first `step`.
    public void finishFirst(FsInfo intent) {
        Check.that(intent.generation() == aggregate.generation(), "intent of another root", intent.generation());
        unfinished = Optional.of(intent);
    }

    private void finish() throws IOException {
        if (unfinished.isPresent()) {
            FsInfo intent = unfinished.get();
            moveRoot(store, root, intent.encode(), intent.generation());
            unfinished = Optional.empty();
        }
    }

    /// One consistency point.
    ///
    /// @param frozen called under the exclusive lock when everything so far is frozen
    /// @throws IOException the aggregate cannot be written: nothing that comes later can be kept, the guest ends
    public void step(Runnable frozen) throws IOException {
        long start = clock.monotonicNs();
        finish();
        long generation = aggregate.generation() + 1;
        FrozenSet set;
        long lastLsn;
        lock.exclusive();
        try {
            lastLsn = log.freeze(generation);
            set = state.freeze();
            frozen.run();
        } finally {
            lock.leaveExclusive();
        }
        Check.that(lastLsn >= aggregate.lastLsn(), "log sequence goes on", lastLsn, aggregate.lastLsn());
        var point = new ConsistencyPoint(aggregate, store, log, generation);
        point.write(set);
        store.flush();
        FsInfo info = aggregate.info(
                generation, lastLsn, store.labelGeneration(), clock.wallNs(), set, point.inlineVolumes());
        moveRoot(store, root, info.encode(), generation);
        lock.exclusive();
        try {
            state.publish(set);
            aggregate.committed(info);
            publishSpace();
            deleting = state.isDeleting();
        } finally {
            lock.leaveExclusive();
        }
        log.durable(lastLsn, generation);
        last = new Last(generation, point.writtenBlocks(), set.dirtyInodes(), clock.monotonicNs() - start);
    }

    /// Makes a root whose blocks are all durable the one that counts. Doing it again does no harm.
    public static void moveRoot(BlockStore store, RootStore root, byte[] fsinfo, long generation)
            throws IOException {
        // An intent that stands is not written again: for that moment there would be none, and the disks may have this
        // root already. A successor would mount the root before it and use again what this one reaches.
        if (root.intent().filter(standing -> Arrays.equals(standing, fsinfo)).isEmpty()) {
            root.intend(fsinfo, generation);
        }
        store.writeRoot(FsInfoLayout.dbnOf(generation), fsinfo);
        root.commit(fsinfo, generation);
        root.clearIntent();
    }

    /// A mount has found the volumes: some may be half deleted.
    public void mounted() {
        deleting = state.isDeleting();
    }

    /// Whether the next one has more of a deleted volume to free.
    boolean isDeleting() {
        return deleting;
    }

    /// Facts from the block map into the space accounting; under the exclusive lock or before anyone else comes.
    public void publishSpace() {
        BlockMap.Counts counts = aggregate.map().counts();
        state.space().publish(
                aggregate.map().totalBlocks(),
                counts.free(),
                counts.freedEven() + counts.freedOdd(),
                aggregate.safetyBlocks());
    }
}
