package hearth.base.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The kernel's unprivileged sandbox. A restriction binds the thread that asked for it and whatever that thread starts
/// later, threads and processes, and can never be taken back. Descriptors opened before keep their rights.
public final class Landlock {
    /// The version from which on TCP is confined.
    public static final int NETWORK_ABI = 4;

    /// The version from which on signals and abstract sockets are confined.
    public static final int SCOPE_ABI = 6;

    private static final int CREATE_RULESET = 444;
    private static final int ADD_RULE = 445;
    private static final int RESTRICT_SELF = 446;
    private static final int PRCTL = 157;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int CREATE_RULESET_VERSION = 1;
    private static final int RULE_PATH_BENEATH = 1;

    private static final long EXECUTE = 1;
    private static final long WRITE_FILE = 1 << 1;
    private static final long READ_FILE = 1 << 2;
    private static final long READ_DIR = 1 << 3;
    private static final long TRUNCATE = 1 << 14;
    private static final long IOCTL_DEV = 1 << 15;
    private static final long FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV;
    private static final long READ_RIGHTS = EXECUTE | READ_FILE | READ_DIR;

    private static final int BITS_ABI_1 = 13;
    private static final int BITS_ABI_2 = 14;
    private static final int BITS_ABI_3 = 15;
    private static final int BITS_ABI_5 = 16;
    private static final long BIND_AND_CONNECT_TCP = 3;
    private static final long SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS = 3;

    private Landlock() {}

    /// The version of the interface that this kernel speaks; 0 when it has none or it is switched off.
    public static int abiVersion() {
        try (SystemCall call = SystemCall.take()) {
            return (int) Math.max(0, call.call(CREATE_RULESET, 0, 0, CREATE_RULESET_VERSION, 0, 0));
        }
    }

    /// Leaves the calling thread with: reading and executing beneath `readOnly`, everything beneath `readWrite`,
    /// nothing else of any file system; no TCP bind or connect (from version 4 on); no signals to processes and no
    /// connects to abstract sockets outside (from version 6 on); no gain of privileges by exec. Paths must exist.
    /// Throws without having restricted anything but privileges when the kernel has no Landlock.
    public static void restrictThisThread(List<Path> readOnly, List<Path> readWrite) throws PosixException {
        int abi = abiVersion();
        if (abi == 0) {
            throw new PosixException("landlock_create_ruleset", Errno.ENOSYS);
        }
        long handled = (1L << fileSystemBits(abi)) - 1;
        int ruleset;
        try (SystemCall call = SystemCall.take()) {
            MemorySegment attributes = call.cleared(3 * Long.BYTES);
            attributes.set(ValueLayout.JAVA_LONG, 0, handled);
            attributes.set(ValueLayout.JAVA_LONG, 8, abi >= NETWORK_ABI ? BIND_AND_CONNECT_TCP : 0);
            attributes.set(ValueLayout.JAVA_LONG, 16, abi >= SCOPE_ABI ? SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS : 0);
            long sizeBytes = abi >= SCOPE_ABI ? 24 : abi >= NETWORK_ABI ? 16 : 8;
            ruleset = (int) call.orThrow(call.call(CREATE_RULESET, attributes.address(), sizeBytes, 0, 0, 0),
                    "landlock_create_ruleset");
        }
        try {
            for (Path path : readOnly) {
                allow(ruleset, path, READ_RIGHTS & handled);
            }
            for (Path path : readWrite) {
                allow(ruleset, path, handled);
            }
            try (SystemCall call = SystemCall.take()) {
                call.orThrow(call.call(PRCTL, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl(PR_SET_NO_NEW_PRIVS)");
                call.orThrow(call.call(RESTRICT_SELF, ruleset, 0, 0, 0, 0), "landlock_restrict_self");
            }
        } finally {
            Descriptors.close(ruleset);
        }
    }

    private static int fileSystemBits(int abi) {
        return switch (abi) {
            case 1 -> BITS_ABI_1;
            case 2 -> BITS_ABI_2;
            case 3, 4 -> BITS_ABI_3;
            default -> BITS_ABI_5;
        };
    }

    private static void allow(int ruleset, Path path, long rights) throws PosixException {
        long allowed = Files.isDirectory(path) ? rights : rights & FILE_RIGHTS;
        int fd = Descriptors.open(path, Descriptors.O_PATH, 0);
        try (SystemCall call = SystemCall.take()) {
            MemorySegment rule = call.scratch();
            rule.set(ValueLayout.JAVA_LONG, 0, allowed);
            rule.set(ValueLayout.JAVA_INT, 8, fd);
            call.orThrow(call.call(ADD_RULE, ruleset, RULE_PATH_BENEATH, rule.address(), 0, 0), "landlock_add_rule");
        } finally {
            Descriptors.close(fd);
        }
    }
}
