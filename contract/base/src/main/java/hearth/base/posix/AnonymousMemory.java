package hearth.base.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import hearth.base.Check;
import hearth.base.Units;

/// Memory of this process alone that costs nothing until it is touched. Java's own off-heap memory is zeroed when it
/// is allocated and counts against the heap's size; a guest's heap is small and its start is short.
public final class AnonymousMemory {
    private static final int MMAP = 9;
    private static final int MUNMAP = 11;
    private static final int MADVISE = 28;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int MAP_NORESERVE = 0x4000;
    private static final int MADV_HUGEPAGE = 14;
    private static final int MADV_DONTDUMP = 16;

    private AnonymousMemory() {}

    /// `sizeBytes` zero bytes, a multiple of the huge page size and aligned to it, kept out of core dumps; freed when
    /// nothing refers to the segment or a slice of it any more.
    @SuppressWarnings("restricted") // address and length are the mapping's own
    public static MemorySegment map(long sizeBytes) throws PosixException {
        Check.that(sizeBytes > 0 && sizeBytes % Units.HUGE_PAGE_SIZE == 0, "size in huge pages", sizeBytes);
        try (SystemCall call = SystemCall.take()) {
            long reservedBytes = sizeBytes + Units.HUGE_PAGE_SIZE;
            long reserved = call.orThrow(
                    call.call(
                            MMAP,
                            0,
                            reservedBytes,
                            PROT_READ_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                            -1,
                            0),
                    "mmap");
            long start = Units.roundUp(reserved, Units.HUGE_PAGE_SIZE);
            call.orThrow(call.call(MADVISE, start, sizeBytes, MADV_DONTDUMP, 0, 0), "madvise(MADV_DONTDUMP)");
            return MemorySegment.ofAddress(start)
                    .reinterpret(sizeBytes, Arena.ofAuto(), _ -> unmap(reserved, reservedBytes));
        }
    }

    /// Asks for huge pages where the kernel has them to give; whether it does changes nothing but time: a process
    /// whose memory is in huge pages is taken down faster when it dies.
    public static void preferHugePages(MemorySegment memory) {
        try (SystemCall call = SystemCall.take()) {
            call.call(MADVISE, memory.address(), memory.byteSize(), MADV_HUGEPAGE, 0, 0);
        }
    }

    private static void unmap(long address, long sizeBytes) {
        try (SystemCall call = SystemCall.take()) {
            Check.that(call.call(MUNMAP, address, sizeBytes, 0, 0, 0) == 0, "munmap of a mapping's own address");
        }
    }
}
