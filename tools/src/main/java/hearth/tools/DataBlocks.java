package hearth.tools;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32C;

import hearth.base.Units;
import hearth.dmodule.filesystem.check.Checker;
import hearth.dmodule.filesystem.check.Findings;
import hearth.dmodule.filesystem.format.BlockPointer;

/// Reads the data of files from every member and compares it with the pointers. Pointers come in the order of files,
/// disks are read in the order of blocks: some ten thousand pointers are collected, sorted, and read by several
/// threads in runs of up to 1 MiB.
final class DataBlocks implements Checker.DataCheck, AutoCloseable {
    // An entry's number stands in the low bits of its sorting key; a vbn has 48.
    private static final int ENTRY_BITS = 16;
    private static final int ENTRIES = 1 << ENTRY_BITS;
    private static final int RUN_BLOCKS_MAX = 256;
    private static final int THREADS_MAX = 8;

    private final Group group;
    private final WrongCopies wrongCopies;
    private final Progress progress;
    private final ExecutorService threads =
            Executors.newFixedThreadPool(Math.min(THREADS_MAX, 2 * Runtime.getRuntime().availableProcessors()));
    private final ThreadLocal<ByteBuffer> room =
            ThreadLocal.withInitial(() -> DiskFile.room(RUN_BLOCKS_MAX));
    private final long[] keys = new long[ENTRIES];
    private final int[] checksums = new int[ENTRIES];
    private final String[] files = new String[ENTRIES];
    private final long[] indexes = new long[ENTRIES];
    private int count;

    DataBlocks(Group group, WrongCopies wrongCopies, Progress progress) {
        this.group = group;
        this.wrongCopies = wrongCopies;
        this.progress = progress;
    }

    @Override
    public void check(String file, long index, BlockPointer pointer, Findings findings) throws IOException {
        keys[count] = pointer.vbn() << ENTRY_BITS | count;
        checksums[count] = pointer.crc();
        files[count] = file;
        indexes[count] = index;
        count++;
        if (count == ENTRIES) {
            readAll();
        }
    }

    /// A copy that is not as its pointer says.
    private record Wrong(int entry, DiskFile member, long vbn, String what) {}

    /// Reads what was collected and not read yet.
    void readAll() throws IOException {
        Arrays.sort(keys, 0, count);
        Queue<Wrong> wrong = new ConcurrentLinkedQueue<>();
        List<Future<?>> running = new ArrayList<>();
        for (int first = 0; first < count; ) {
            int end = first + 1;
            while (end < count && end - first < RUN_BLOCKS_MAX && vbn(end) == vbn(end - 1) + 1) {
                end++;
            }
            int from = first;
            int to = end;
            for (DiskFile member : group.members()) {
                running.add(threads.submit(() -> readRun(member, from, to, wrong)));
            }
            first = end;
        }
        await(running);
        wrong.stream()
                .sorted(Comparator.comparingInt(Wrong::entry).thenComparing(one -> one.member().path()))
                .forEach(one -> wrongCopies.add(one.member(), group.dbn(one.vbn()), one.vbn(),
                        one.what() + " (" + files[one.entry()] + " block " + indexes[one.entry()] + ")"));
        count = 0;
    }

    private long vbn(int position) {
        return keys[position] >>> ENTRY_BITS;
    }

    private int entry(int position) {
        return (int) keys[position] & ENTRIES - 1;
    }

    private static void await(List<Future<?>> running) throws IOException {
        try {
            for (Future<?> one : running) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while disks were read");
        }
    }

    private void readRun(DiskFile member, int from, int to, Queue<Wrong> wrong) {
        ByteBuffer bytes = room.get().clear().limit((to - from) * Units.BLOCK_SIZE);
        try {
            member.read(group.dbn(vbn(from)), bytes);
            for (int i = from; i < to; i++) {
                judge(member, i, bytes.slice((i - from) * Units.BLOCK_SIZE, Units.BLOCK_SIZE), wrong);
            }
        } catch (IOException e) {
            // One place of the run at least: the others are judged alone.
            for (int i = from; i < to; i++) {
                readOne(member, i, wrong);
            }
        }
        progress.read((to - from) * (long) Units.BLOCK_SIZE);
    }

    private void readOne(DiskFile member, int position, Queue<Wrong> wrong) {
        try {
            judge(member, position, ByteBuffer.wrap(member.block(group.dbn(vbn(position)))), wrong);
        } catch (IOException e) {
            wrong.add(new Wrong(entry(position), member, vbn(position), "cannot be read: " + e.getMessage()));
        }
    }

    private void judge(DiskFile member, int position, ByteBuffer block, Queue<Wrong> wrong) {
        var crc = new CRC32C();
        crc.update(block);
        if ((int) crc.getValue() != checksums[entry(position)]) {
            wrong.add(new Wrong(entry(position), member, vbn(position), "wrong checksum"));
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
