package hearth.domain0.disk;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/// A disk that takes no write any more once a file is there, for tests only. Reads pass.
final class FailingDisk implements Disk {
    private final Disk below;
    private final Path once;

    FailingDisk(Disk below, Path once) {
        this.below = below;
        this.once = once;
    }

    private void fail() throws IOException {
        if (Files.exists(once)) {
            throw new IOException("the disk has failed, as " + once + " asks");
        }
    }

    @Override
    public void writeAt(MemorySegment from, long offsetBytes) throws IOException {
        fail();
        below.writeAt(from, offsetBytes);
    }

    @Override
    public long readAt(MemorySegment to, long offsetBytes) throws IOException {
        return below.readAt(to, offsetBytes);
    }

    @Override
    public void flush() throws IOException {
        fail();
        below.flush();
    }

    @Override
    public long sizeBytes() {
        return below.sizeBytes();
    }

    @Override
    public void close() {
        below.close();
    }

    @Override
    public String toString() {
        return below.toString();
    }
}
