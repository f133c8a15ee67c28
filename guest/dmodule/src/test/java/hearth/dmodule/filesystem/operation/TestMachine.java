package hearth.dmodule.filesystem.operation;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

import hearth.base.Clock;
import hearth.base.Event;
import hearth.cf.Caller;
import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.Export;
import hearth.cf.FileHandle;
import hearth.dmodule.filesystem.FileSystem;
import hearth.dmodule.filesystem.FileSystemParts;
import hearth.dmodule.filesystem.MountResult;
import hearth.dmodule.filesystem.NewVolume;
import hearth.dmodule.filesystem.check.Checker;
import hearth.dmodule.filesystem.consistency.RootStore;
import hearth.dmodule.filesystem.core.HeapPressure;
import hearth.dmodule.filesystem.format.FsInfo;
import hearth.dmodule.filesystem.format.InodeLayout;
import hearth.dmodule.filesystem.format.VolumeConfig;
import hearth.dmodule.nvlog.FlushedPosition;
import hearth.dmodule.nvlog.NvLog;
import hearth.dmodule.nvlog.NvLogParts;
import hearth.dmodule.nvlog.ReplayOutcome;
import hearth.memory.duplicates.DuplicateTable;
import hearth.memory.duplicates.DuplicateTableLayout;
import hearth.memory.index.DirtyIndex;
import hearth.memory.index.DirtyIndexLayout;
import hearth.memory.log.LogArea;
import hearth.memory.log.LogLayout;
import hearth.memory.log.LogLoader;

import static org.assertj.core.api.Assertions.assertThat;

/// A D-module on the areas of a region in real memory and a disk that survive it. `boot` after `die` has nothing but
/// those to go by. Consistency points run when the test says so (`point`), or on a thread (`runPoints`).
final class TestMachine implements AutoCloseable {
    static final long SEED = 77;
    static final long AGGREGATE_ID = 0x1234_5678_9abc_def0L;
    static final long VERIFIER = 99;
    private static final int INDEX_ENTRIES = 16_384;
    private static final int DUPLICATE_ENTRIES = 4_096;

    final TestStore store;
    final long halfBytes;
    private final MemorySegment logMemory;
    private final MemorySegment index0 = memory(DirtyIndexLayout.sizeBytes(INDEX_ENTRIES));
    private final MemorySegment index1 = memory(DirtyIndexLayout.sizeBytes(INDEX_ENTRIES));
    private final MemorySegment duplicates = memory(DuplicateTableLayout.sizeBytes(DUPLICATE_ENTRIES));
    private final Roots roots = new Roots();
    final TestClock clock = new TestClock();
    final List<Event> events = new CopyOnWriteArrayList<>();
    private final AtomicLong incarnations = new AtomicLong();
    private final AtomicLong xids = new AtomicLong(1);
    private Optional<Thread> points = Optional.empty();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    volatile boolean pointWanted;
    long replayed;
    FileSystem fs;
    NvLog log;
    Operations operations;

    private static MemorySegment memory(long bytes) {
        return Arena.ofAuto().allocate(bytes, 64);
    }

    /// @param blocks of the disk
    TestMachine(int blocks, int cacheBlocks, long halfBytes) throws IOException {
        store = new TestStore(blocks, cacheBlocks);
        this.halfBytes = halfBytes;
        logMemory = memory(LogLayout.areaBytes(halfBytes));
        new LogLoader(area()).load(0, Collections.emptyIterator(), 0);
        log = newLog();
        assertThat(log.replay(0, (position, record) -> {})).isInstanceOf(ReplayOutcome.Replayed.class);
        fs = FileSystem.format(
                parts(), AGGREGATE_ID, List.of(volume("vol0"), volume("vol1")));
        operations = new Operations(fs, log, clock, () -> VERIFIER);
    }

    private static NewVolume volume(String name) {
        var config = new VolumeConfig(name, "/" + name, false, List.of(), Export.Squash.NONE, 65534, 65534);
        return new NewVolume(config, 0_755, 0, 0);
    }

    private LogArea area() {
        return new LogArea(logMemory, halfBytes, SEED);
    }

    private NvLog newLog() {
        var flushed = new FlushesAtOnce(area());
        var parts = new NvLogParts(
                area(),
                new DirtyIndex(index0, INDEX_ENTRIES),
                new DirtyIndex(index1, INDEX_ENTRIES),
                new DuplicateTable(duplicates, DUPLICATE_ENTRIES, SEED),
                flushed,
                () -> {});
        var made = new NvLog(parts, incarnations.incrementAndGet(), clock, events::add);
        made.askForConsistencyPoints(reason -> {
            pointWanted = true;
            if (points.isPresent()) {
                fs.requestConsistencyPoint(reason.name());
            }
        });
        return made;
    }

    private FileSystemParts parts() {
        var pressure = new HeapPressure.Limits(512, 1024, 2048, 4096);
        var limits = new FileSystemParts.Limits(50, 256, pressure);
        return new FileSystemParts(
                store, roots, new NvCommitLog(log), (current, frozen) -> {}, clock, events::add, limits);
    }

    /// Forgets all that the guest had in its heap.
    void die() {
        assertThat(points).as("consistency points still run").isEmpty();
        // Anything that still used them would be a bug that null shows.
        fs = null;
        log = null;
        operations = null;
    }

    /// The next incarnation: attach, mount the committed root, replay.
    void boot() throws IOException {
        log = newLog();
        fs = switch (FileSystem.mountFromRegion(parts())) {
            case MountResult.Mounted(FileSystem mounted) -> mounted;
            case MountResult.Refused(String why) -> throw new AssertionError(why);
        };
        var outcome = log.replay(fs.lastLsn(), new EffectReplayer(fs, log));
        assertThat(outcome).isInstanceOf(ReplayOutcome.Replayed.class);
        replayed = ((ReplayOutcome.Replayed) outcome).records();
        operations = new Operations(fs, log, clock, () -> VERIFIER);
    }

    void point() throws IOException {
        pointWanted = false;
        fs.step();
    }

    /// Checks everything that the last consistency point left on disk, as the offline checker does.
    void check() throws IOException {
        assertThat(problems()).isEmpty();
    }

    List<String> problems() throws IOException {
        var info = switch (FsInfo.decode(roots.committed().orElseThrow())) {
            case FsInfo.Decoded.Valid(FsInfo valid) -> valid;
            case FsInfo.Decoded other -> throw new AssertionError(other);
        };
        var names = new NameCheck();
        var findings = new Checker(info, store::block, names).run();
        names.finish(InodeLayout.ROOT_INODE, findings);
        return findings.problems();
    }

    /// Consistency points on a thread of their own, until `stopPoints`.
    void runPoints() {
        var running = fs;
        var thread = new Thread(() -> {
            try {
                running.run();
            } catch (IOException | RuntimeException | Error failure) {
                failures.add(failure);
            }
        }, "consistency-points");
        thread.start();
        points = Optional.of(thread);
    }

    void stopPoints() throws InterruptedException {
        if (points.isPresent()) {
            fs.stop();
            points.get().join();
            points = Optional.empty();
        }
        assertThat(failures).isEmpty();
    }

    @Override
    public void close() throws InterruptedException {
        stopPoints();
    }

    Caller caller(int uid, int gid, int... groups) {
        int xid = (int) xids.getAndIncrement();
        return new Caller(new byte[] {10, 0, 0, 1}, xid, xid * 31L, uid, gid, groups, false);
    }

    Caller root() {
        return caller(0, 0);
    }

    FileHandle rootHandle() {
        return new FileHandle(AGGREGATE_ID, 1, 64, 1);
    }

    /// Every other call is tried first, as the reactor does.
    private CfReply call(Caller caller, CfRequest request, MemorySegment payload, MemorySegment room) {
        Optional<CfReply> atHand = caller.xid() % 2 == 0
                ? operations.tryCall(caller, request, payload, room)
                : Optional.empty();
        return atHand.orElseGet(() -> operations.call(caller, request, payload, room));
    }

    CfReply call(Caller caller, CfRequest request) {
        return call(caller, request, MemorySegment.NULL, MemorySegment.NULL);
    }

    CfReply call(CfRequest request) {
        return call(root(), request);
    }

    CfReply write(Caller caller, CfRequest.Write request, byte[] bytes) {
        return call(caller, request, MemorySegment.ofArray(bytes), MemorySegment.NULL);
    }

    byte[] read(FileHandle file, long offset, int count) {
        byte[] room = new byte[count];
        var request = new CfRequest.Read(file, offset, count);
        var reply = call(root(), request, MemorySegment.NULL, MemorySegment.ofArray(room));
        assertThat(reply).isInstanceOf(CfReply.Data.class);
        return java.util.Arrays.copyOf(room, ((CfReply.Data) reply).countBytes());
    }

    /// Every name of a directory, `.` and `..` too, in listing order, by pages of `pageMax` entries.
    List<CfReply.Entry> list(FileHandle directory, int pageMax) {
        var entries = new ArrayList<CfReply.Entry>();
        long cookie = 0;
        long verifier = 0;
        while (true) {
            var reply = call(new CfRequest.ReadDirectory(directory, cookie, verifier, pageMax, 60_000, true));
            assertThat(reply).isInstanceOf(CfReply.Entries.class);
            var page = (CfReply.Entries) reply;
            entries.addAll(page.entries());
            if (page.endOfDirectory()) {
                return entries;
            }
            assertThat(page.entries()).isNotEmpty();
            cookie = page.entries().getLast().cookie();
            verifier = page.cookieVerifier();
        }
    }

    /// What the region keeps of roots.
    private static final class Roots implements RootStore {
        private volatile Optional<byte[]> intent = Optional.empty();
        private volatile Optional<byte[]> committed = Optional.empty();

        @Override
        public void intend(byte[] fsinfo, long generation) {
            intent = Optional.of(fsinfo.clone());
        }

        @Override
        public Optional<byte[]> intent() {
            return intent;
        }

        @Override
        public void clearIntent() {
            intent = Optional.empty();
        }

        @Override
        public void commit(byte[] fsinfo, long generation) {
            committed = Optional.of(fsinfo.clone());
        }

        @Override
        public Optional<byte[]> committed() {
            return committed;
        }
    }

    /// A journal that is never behind.
    private record FlushesAtOnce(LogArea area) implements FlushedPosition {
        @Override
        public long flushedLsn() {
            return area.committedLsn();
        }

        @Override
        public boolean degraded() {
            return false;
        }

        @Override
        public int sequence() {
            return 0;
        }

        @Override
        public void await(int lastSeen, long timeoutNs) {
            // Nothing ever has to be waited for.
        }
    }

    /// Wall time that the test moves; monotonic time is the machine's.
    static final class TestClock implements Clock {
        private final AtomicLong now = new AtomicLong(1_700_000_000_000_000_000L);

        void advanceNs(long ns) {
            now.addAndGet(ns);
        }

        @Override
        public long monotonicNs() {
            return System.nanoTime();
        }

        @Override
        public long wallNs() {
            return now.get();
        }
    }
}
