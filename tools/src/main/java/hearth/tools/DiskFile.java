package hearth.tools;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import hearth.base.Units;

/// A disk in a file or a block device, open for reading only. Any thread.
final class DiskFile implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final long sizeBlocks;

    private DiskFile(Path path, FileChannel channel, long sizeBlocks) {
        this.path = path;
        this.channel = channel;
        this.sizeBlocks = sizeBlocks;
    }

    static DiskFile open(Path path) throws UnusableDisksException {
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            return new DiskFile(path, channel, channel.size() / Units.BLOCK_SIZE);
        } catch (NoSuchFileException e) {
            throw new UnusableDisksException(path + ": there is no such file");
        } catch (AccessDeniedException e) {
            throw new UnusableDisksException(path + ": may not be read; try as root");
        } catch (IOException e) {
            throw new UnusableDisksException(path + ": " + e.getMessage());
        }
    }

    Path path() {
        return path;
    }

    /// Whole blocks of 4 KiB.
    long sizeBlocks() {
        return sizeBlocks;
    }

    /// Fills `to` from disk block `dbn` on.
    void read(long dbn, ByteBuffer to) throws IOException {
        long at = dbn * Units.BLOCK_SIZE;
        while (to.hasRemaining()) {
            int done = channel.read(to, at);
            if (done < 0) {
                throw new EOFException("disk " + path + " ends before its block " + dbn);
            }
            at += done;
        }
    }

    byte[] block(long dbn) throws IOException {
        byte[] block = new byte[Units.BLOCK_SIZE];
        read(dbn, ByteBuffer.wrap(block));
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
