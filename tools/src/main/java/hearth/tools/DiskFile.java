package hearth.tools;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import com.sun.nio.file.ExtendedOpenOption;

import hearth.base.Units;

/// A disk in a file or a block device, open for reading only. Reads go past the kernel's cache where the file system
/// lets them: what counts is what the disk has, and what a host has cached of it should stay. Any thread.
final class DiskFile implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final long sizeBlocks;
    private final ThreadLocal<ByteBuffer> oneBlock = ThreadLocal.withInitial(() -> room(1));

    private DiskFile(Path path, FileChannel channel, long sizeBlocks) {
        this.path = path;
        this.channel = channel;
        this.sizeBlocks = sizeBlocks;
    }

    static DiskFile open(Path path) throws UnusableDisksException {
        try {
            FileChannel channel = channel(path);
            return new DiskFile(path, channel, channel.size() / Units.BLOCK_SIZE);
        } catch (NoSuchFileException e) {
            throw new UnusableDisksException(path + ": there is no such file");
        } catch (AccessDeniedException e) {
            throw new UnusableDisksException(path + ": may not be read; try as root");
        } catch (IOException e) {
            throw new UnusableDisksException(path + ": " + e.getMessage());
        }
    }

    private static FileChannel channel(Path path) throws IOException {
        FileChannel buffered = FileChannel.open(path, StandardOpenOption.READ);
        try {
            // What Java wants direct reads to be multiples of.
            if (Units.BLOCK_SIZE % Files.getFileStore(path).getBlockSize() == 0) {
                FileChannel direct = FileChannel.open(path, StandardOpenOption.READ, ExtendedOpenOption.DIRECT);
                buffered.close();
                return direct;
            }
        } catch (IOException | UnsupportedOperationException e) {
            // This file system has none.
        }
        return buffered;
    }

    /// Memory for reads of up to this many blocks.
    static ByteBuffer room(int blocks) {
        return ByteBuffer.allocateDirect((blocks + 1) * Units.BLOCK_SIZE)
                .alignedSlice(Units.BLOCK_SIZE)
                .slice(0, blocks * Units.BLOCK_SIZE);
    }

    Path path() {
        return path;
    }

    /// Whole blocks of 4 KiB.
    long sizeBlocks() {
        return sizeBlocks;
    }

    /// Fills `to`, which `room` made, from disk block `dbn` on.
    void read(long dbn, ByteBuffer to) throws IOException {
        long at = dbn * Units.BLOCK_SIZE;
        while (to.hasRemaining()) {
            int done = channel.read(to, at);
            if (done <= 0) {
                throw new EOFException("the disk ends before");
            }
            at += done;
        }
    }

    byte[] block(long dbn) throws IOException {
        ByteBuffer room = oneBlock.get().clear();
        read(dbn, room);
        byte[] block = new byte[Units.BLOCK_SIZE];
        room.flip().get(block);
        return block;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
