package hearth.base.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.util.concurrent.atomic.AtomicReferenceArray;

import hearth.base.Check;

/// One thread's turn at the kernel: where the error number is captured, and a little native memory for arguments.
///
/// All calls go through the C library's `syscall` in one shape, because a starting guest pays some 5 ms for the making
/// of each further one: pointers travel as plain words. The function's address is an argument of each call, because
/// binding it to the handle makes more classes, and `syscall` is not declared variadic, because that makes others; on
/// this machine it is the same call, as only integers are passed and the C library's function just moves registers. So
/// the making costs half.
///
/// A platform thread keeps its instance for life. Virtual threads are many and short, so they borrow one: taken out of
/// a slot, put back on close, and an instance that finds its slot refilled is left to the garbage collector. Either way
/// nobody else has it between a call and its error.
@SuppressWarnings("restricted") // system calls are what this package is for
final class SystemCall implements AutoCloseable {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemorySegment SYSCALL = LINKER.defaultLookup().findOrThrow("syscall");
    private static final MethodHandle WORDS = LINKER.downcallHandle(FunctionDescriptor.of(
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG),
            Linker.Option.captureCallState("errno"));

    /// Bytes of scratch: a message header, 64 vector entries and the control part of 64 descriptors.
    static final int SCRATCH_SIZE = 2048;

    private static final int SLOTS = 64;
    private static final AtomicReferenceArray<SystemCall> BORROWED = new AtomicReferenceArray<>(SLOTS);
    private static final ThreadLocal<SystemCall> OWN = ThreadLocal.withInitial(() -> new SystemCall(-1));

    private final int slot;
    private final MemorySegment state;
    private final MemorySegment scratch;

    private SystemCall(int slot) {
        this.slot = slot;
        Arena arena = Arena.ofAuto();
        state = arena.allocate(Linker.Option.captureStateLayout());
        scratch = arena.allocate(SCRATCH_SIZE, 16);
    }

    /// The calling thread's instance. Not to be nested: the scratch would be shared.
    static SystemCall take() {
        Thread thread = Thread.currentThread();
        if (!thread.isVirtual()) {
            return OWN.get();
        }
        int slot = (int) thread.threadId() & SLOTS - 1;
        SystemCall free = BORROWED.getAndSet(slot, null);
        return free == null ? new SystemCall(slot) : free;
    }

    @Override
    public void close() {
        if (slot >= 0) {
            BORROWED.set(slot, this);
        }
    }

    /// Native memory for arguments, `SCRATCH_SIZE` bytes with leftovers of earlier calls.
    MemorySegment scratch() {
        return scratch;
    }

    /// Scratch whose first `bytes` are zero.
    MemorySegment cleared(long bytes) {
        scratch.asSlice(0, bytes).fill((byte) 0);
        return scratch;
    }

    /// A call with up to five plain words. The result as the C library gives it: -1 means that `errno()` says why.
    long call(long number, long a, long b, long c, long d, long e) {
        return call(number, a, b, c, d, e, 0);
    }

    /// The same with six.
    long call(long number, long a, long b, long c, long d, long e, long f) {
        try {
            return (long) WORDS.invokeExact(SYSCALL, state, number, a, b, c, d, e, f);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        }
    }

    /// A call whose second argument is a pointer. The segment stays reachable until the kernel is done; an arena that
    /// is closed by hand must not be closed before.
    long call(long number, long a, MemorySegment b, long c, long d, long e, long f) {
        Check.that(b.isNative() && b.scope().isAlive(), "the kernel takes live native memory only", b.address());
        try {
            return (long) WORDS.invokeExact(SYSCALL, state, number, a, b.address(), c, d, e, f);
        } catch (Throwable impossible) {
            throw unexpected(impossible);
        } finally {
            Reference.reachabilityFence(b);
        }
    }

    /// Why the last call returned -1.
    int errno() {
        return state.get(ValueLayout.JAVA_INT, 0);
    }

    /// The last call's result, or its error thrown.
    long orThrow(long result, String name) throws PosixException {
        if (result == -1) {
            throw new PosixException(name, errno());
        }
        return result;
    }

    /// Whether the last call was cut short by a signal and wants to be repeated.
    boolean interrupted(long result) {
        return result == -1 && errno() == Errno.EINTR;
    }

    private static RuntimeException unexpected(Throwable thrown) {
        if (thrown instanceof RuntimeException runtime) {
            throw runtime;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        throw Check.failed("a system call's handle threw " + thrown);
    }
}
