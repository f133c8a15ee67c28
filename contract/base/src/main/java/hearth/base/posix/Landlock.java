package hearth.base.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import hearth.base.Check;

/// The kernel's unprivileged sandbox. A restriction binds the thread that takes it and whatever that thread starts
/// later, threads and processes, and can never be taken back. Descriptors opened before keep their rights.
///
/// Each thread that takes a ruleset stands in a domain of its own, also when many take the same one: nobody in one of
/// these domains may trace, read or (from version 6 on) signal anybody in another.
public final class Landlock {
    /// The version from which on TCP is confined.
    public static final int NETWORK_ABI = 4;

    /// The version from which on signals and abstract sockets are confined.
    public static final int SCOPE_ABI = 6;

    private static final int CREATE_RULESET = 444;
    private static final int ADD_RULE = 445;
    private static final int RESTRICT_SELF = 446;
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

    /// A ruleset, as a descriptor: reading and executing beneath `readOnly`, nothing else of any file system; no TCP
    /// bind or connect (from version 4 on); no signals to processes and no connects to abstract sockets outside (from
    /// version 6 on). Paths must exist.
    ///
    /// @param abi the version whose rights are handled, 1 to `abiVersion()`
    public static int ruleset(List<Path> readOnly, int abi) throws PosixException {
        Check.that(1 <= abi && abi <= abiVersion(), "the kernel speaks no such version of Landlock", abi);
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
            return ruleset;
        } catch (PosixException e) {
            Descriptors.close(ruleset);
            throw e;
        }
    }

    /// Puts the calling thread into a new domain under `ruleset`, which stays usable. The thread must have given up new
    /// privileges, see `Privileges`.
    public static void restrictThisThread(int ruleset) throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            call.orThrow(call.call(RESTRICT_SELF, ruleset, 0, 0, 0, 0), "landlock_restrict_self");
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
