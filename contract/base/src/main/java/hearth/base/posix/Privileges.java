package hearth.base.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// What a process may do by who it is, given up for good.
public final class Privileges {
    private static final int CAPGET = 125;
    private static final int CAPSET = 126;
    private static final int PRCTL = 157;
    private static final int PR_SET_DUMPABLE = 4;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int CAPABILITY_VERSION_3 = 0x20080522;
    private static final int CAP_DAC_READ_SEARCH = 2;
    private static final int HEADER_SIZE = 2 * Integer.BYTES;
    private static final int SETS_SIZE = 6 * Integer.BYTES;
    private static final int PERMITTED_OFFSET = HEADER_SIZE + Integer.BYTES;

    private Privileges() {}

    /// Leaves the calling thread, and what it starts, without the capabilities of a superuser and without a way to new
    /// ones. One stays where it was held, reading what belongs to others: a program may lie in a home directory, and
    /// what may be read at all is Landlock's to say.
    public static void giveUp() throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            // First: from here on exec gives nothing, not even to user 0.
            call.orThrow(call.call(PRCTL, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl(PR_SET_NO_NEW_PRIVS)");
            MemorySegment words = call.cleared(HEADER_SIZE + SETS_SIZE);
            words.set(ValueLayout.JAVA_INT, 0, CAPABILITY_VERSION_3);
            long header = words.address();
            call.orThrow(call.call(CAPGET, header, header + HEADER_SIZE, 0, 0, 0), "capget");
            int kept = words.get(ValueLayout.JAVA_INT, PERMITTED_OFFSET) & 1 << CAP_DAC_READ_SEARCH;
            words.asSlice(HEADER_SIZE, SETS_SIZE).fill((byte) 0);
            words.set(ValueLayout.JAVA_INT, HEADER_SIZE, kept);
            words.set(ValueLayout.JAVA_INT, PERMITTED_OFFSET, kept);
            call.orThrow(call.call(CAPSET, header, header + HEADER_SIZE, 0, 0, 0), "capset");
        }
    }

    /// Closes this process, all its threads at once, to others of the same user: nobody without a superuser's
    /// capabilities may trace it, read its memory or take its descriptors, and it leaves no core dump.
    public static void closeToOthers() throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            call.orThrow(call.call(PRCTL, PR_SET_DUMPABLE, 0, 0, 0, 0), "prctl(PR_SET_DUMPABLE)");
        }
    }
}
