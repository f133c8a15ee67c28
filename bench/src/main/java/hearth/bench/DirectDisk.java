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

/// What the disk itself does, past the kernel's cache: positional reads and writes with O_DIRECT on a file beside the
/// servers' own.
final class DirectDisk implements AutoCloseable {
    private static final int ALIGNMENT = 4096;
    private static final int PRIME = 0x9E37_79B1;
    private final Path file;
    private final int mib;

    /// Makes a file of random bytes, allocated and durable.
    DirectDisk(Path folder, int mib) throws IOException {
        this.mib = mib;
        file = Files.createTempFile(folder, "hearth-bench", ".direct");
        var piece = ByteBuffer.allocate(BenchRun.MIB);
        new Random(1).nextBytes(piece.array());
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int i = 0; i < mib; i++) {
                channel.write(piece.clear());
            }
            channel.force(true);
        }
    }

    /// Bytes a second of reads of `block` bytes, each block of the first `limit` once, `depth` at a time.
    double read(int block, int limit, int depth, boolean sequential) throws IOException, InterruptedException {
        int blocks = (int) ((long) mib * BenchRun.MIB / block);
        int count = Math.min(limit, blocks);
        return each(count, depth, block, StandardOpenOption.READ, (channel, buffer, number) -> {
            int at = sequential ? number : Math.floorMod(number * PRIME, blocks);
            if (channel.read(buffer.clear(), (long) at * block) != block) {
                throw new IOException("a short read of " + file);
            }
        });
    }

    /// Bytes a second of writes of `block` bytes over the whole file in order, with the flush at their end.
    double write(int block, int depth) throws IOException, InterruptedException {
        int count = (int) ((long) mib * BenchRun.MIB / block);
        return each(count, depth, block, StandardOpenOption.WRITE, (channel, buffer, number) -> {
            if (channel.write(buffer.clear(), (long) number * block) != block) {
                throw new IOException("a short write of " + file);
            }
        });
    }

    private interface Transfer {
        void run(FileChannel channel, ByteBuffer buffer, int number) throws IOException;
    }

    private double each(int count, int depth, int block, OpenOption way, Transfer transfer)
            throws IOException, InterruptedException {
        var next = new AtomicInteger();
        try (var channel = FileChannel.open(file, way, ExtendedOpenOption.DIRECT);
                var threads = Executors.newFixedThreadPool(depth)) {
            long started = System.nanoTime();
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < depth; i++) {
                Callable<Void> work = () -> {
                    ByteBuffer buffer = ByteBuffer.allocateDirect(block + ALIGNMENT).alignedSlice(ALIGNMENT)
                            .limit(block).slice();
                    for (int number = next.getAndIncrement(); number < count; number = next.getAndIncrement()) {
                        transfer.run(channel, buffer, number);
                    }
                    return null;
                };
                running.add(threads.submit(work));
            }
            for (Future<?> one : running) {
                one.get();
            }
            channel.force(false);
            return (double) count * block / ((System.nanoTime() - started) / 1e9);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    @Override
    public void close() throws IOException {
        Files.delete(file);
    }
}
