package hearth.system.wiring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

import hearth.memory.bell.Doorbell;
import hearth.memory.log.LogArea;
import hearth.memory.log.LogLayout;
import hearth.nmodule.net.FatalHandler;

/// What a start needs soon and what needs nothing that domain 0 has yet to send, made on a second processor while the
/// first one makes the way into the kernel: handles on memory, the scheduler of virtual threads. Changes nothing but
/// the time that a start takes.
public final class Warmup {
    private static final int SCRATCH_BYTES = 8_192;
    private static final int HALF_BYTES = 1_024;

    private Warmup() {}

    public static void start(FatalHandler fatal) {
        Threads.start("warm-up", fatal, Warmup::run);
    }

    private static void run() throws InterruptedException {
        Thread handler = Thread.ofVirtual().start(Warmup::touchChecksum);
        MemorySegment scratch = Arena.ofAuto().allocate(SCRATCH_BYTES, Long.BYTES);
        new LogArea(scratch.asSlice(0, LogLayout.areaBytes(HALF_BYTES)), HALF_BYTES, 0).complaint();
        MemorySegment word = scratch.asSlice(SCRATCH_BYTES - Integer.BYTES, Integer.BYTES);
        new Doorbell(word, word).sequence();
        handler.join();
    }

    private static void touchChecksum() {
        new CRC32C().update(new byte[Long.BYTES]);
    }
}
