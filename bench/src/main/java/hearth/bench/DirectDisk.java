package hearth.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.nio.file.ExtendedOpenOption;

/// What the disk itself does, past the kernel's cache: positional reads and writes with O_DIRECT on files beside the
/// servers' own. The files are written once before, so no measured write asks the file system for a place.
final class DirectDisk implements AutoCloseable {
    private static final int ALIGNMENT = 4096;
    private static final int PRIME = 0x9E37_79B1;
    private final List<Path> files = new ArrayList<>();
    private final int mib;

    /// Makes files of `mib` MiB random bytes each, allocated and durable.
    DirectDisk(Path folder, int count, int mib) throws IOException {
        this.mib = mib;
        var piece = ByteBuffer.allocate(BenchRun.MIB);
        new Random(1).nextBytes(piece.array());
        for (int number = 0; number < count; number++) {
            Path file = Files.createTempFile(folder, "hearth-bench", ".direct");
            files.add(file);
            try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                for (int i = 0; i < mib; i++) {
                    channel.write(piece.clear());
                }
                channel.force(true);
            }
        }
    }

    /// Bytes a second of reads of `block` bytes of the first file, each block of the first `limit` once, `depth` at a
    /// time.
    double read(int block, int limit, int depth, boolean sequential) throws IOException, InterruptedException {
        int blocks = (int) ((long) mib * BenchRun.MIB / block);
        int count = Math.min(limit, blocks);
        return each(count, depth, block, StandardOpenOption.READ, (channels, buffer, number) -> {
            int at = sequential ? number : Math.floorMod(number * PRIME, blocks);
            if (channels.getFirst().read(buffer.clear(), (long) at * block) != block) {
                throw new IOException("a short read of " + files);
            }
        });
    }

    /// Bytes a second of writes of `block` bytes over all files in order, each block to one after the other, with the
    /// flush of all at their end.
    double write(int block, int depth) throws IOException, InterruptedException {
        int count = (int) ((long) mib * BenchRun.MIB / block);
        return each(count * files.size(), depth, block, StandardOpenOption.WRITE, (channels, buffer, number) -> {
            long at = (long) (number / channels.size()) * block;
            if (channels.get(number % channels.size()).write(buffer.clear(), at) != block) {
                throw new IOException("a short write of " + files);
            }
        });
    }

    private interface Transfer {
        void run(List<FileChannel> channels, ByteBuffer buffer, int number) throws IOException;
    }

    private double each(int count, int depth, int block, OpenOption way, Transfer transfer)
            throws IOException, InterruptedException {
        var next = new AtomicInteger();
        List<FileChannel> channels = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(Math.max(depth, files.size()))) {
            for (Path file : files) {
                channels.add(FileChannel.open(file, way, ExtendedOpenOption.DIRECT));
            }
            List<Callable<Void>> work = new ArrayList<>();
            for (int i = 0; i < depth; i++) {
                ByteBuffer buffer = ByteBuffer.allocateDirect(block + ALIGNMENT).alignedSlice(ALIGNMENT)
                        .limit(block).slice();
                work.add(() -> {
                    for (int number = next.getAndIncrement(); number < count; number = next.getAndIncrement()) {
                        transfer.run(channels, buffer, number);
                    }
                    return null;
                });
            }
            long started = System.nanoTime();
            await(threads.invokeAll(work));
            List<Callable<Void>> flushes = new ArrayList<>();
            for (FileChannel channel : channels) {
                flushes.add(() -> {
                    channel.force(false);
                    return null;
                });
            }
            await(threads.invokeAll(flushes));
            return (double) count * block / ((System.nanoTime() - started) / 1e9);
        } finally {
            for (FileChannel channel : channels) {
                channel.close();
            }
        }
    }

    private static void await(List<Future<Void>> running) throws IOException, InterruptedException {
        for (Future<Void> one : running) {
            try {
                one.get();
            } catch (ExecutionException e) {
                throw new IOException(e.getCause());
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
