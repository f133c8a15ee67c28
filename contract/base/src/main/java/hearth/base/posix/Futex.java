package hearth.base.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;

import hearth.base.Check;

/// Sleeping on a word of shared memory and waking who sleeps on it, between processes. The word may be anybody's: a
/// waiter whose waker died is woken by nobody, so every wait has a limit.
public final class Futex {
    private static final int FUTEX = 202;
    private static final int FUTEX_WAIT = 0;
    private static final int FUTEX_WAKE = 1;

    private Futex() {}

    /// Sleeps while the 4-byte aligned `word` holds `expected`, at most `timeoutNs`. False: the time is over. True:
    /// woken, or the word held something else, or a signal came; the caller looks at the word again. Blocks: platform
    /// threads only.
    public static boolean await(MemorySegment word, int expected, long timeoutNs) throws PosixException {
        checkWord(word);
        try (SystemCall call = SystemCall.take()) {
            MemorySegment timeout = call.scratch();
            long limitNs = Math.max(0, timeoutNs);
            timeout.set(ValueLayout.JAVA_LONG, 0, limitNs / 1_000_000_000L);
            timeout.set(ValueLayout.JAVA_LONG, 8, limitNs % 1_000_000_000L);
            long done = call.call(FUTEX, word.address(), FUTEX_WAIT, expected, timeout.address(), 0);
            Reference.reachabilityFence(word);
            if (done == 0) {
                return true;
            }
            int errno = call.errno();
            if (errno == Errno.ETIMEDOUT) {
                return false;
            }
            if (errno == Errno.EAGAIN || errno == Errno.EINTR) {
                return true;
            }
            throw new PosixException("futex", errno);
        }
    }

    /// Wakes at most `waiters` that sleep on the word, through whatever mapping; says how many. Never blocks.
    public static int wake(MemorySegment word, int waiters) throws PosixException {
        checkWord(word);
        try (SystemCall call = SystemCall.take()) {
            return (int) call.orThrow(call.call(FUTEX, word.address(), FUTEX_WAKE, waiters, 0, 0), "futex");
        }
    }

    private static void checkWord(MemorySegment word) {
        Check.that(word.isNative() && word.byteSize() >= Integer.BYTES && word.address() % Integer.BYTES == 0,
                "a futex is an aligned native word", word.address());
    }
}
