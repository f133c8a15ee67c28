package hearth.hypervisor;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

import hearth.base.posix.Descriptors;
import hearth.base.posix.PosixException;

/// System calls that the program itself never makes: what a guest would try that somebody has taken over.
final class RawCalls {
    private static final MethodHandle SYSCALL = Linker.nativeLinker().downcallHandle(
            Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG),
            Linker.Option.captureCallState("errno"));

    private static final int MMAP = 9;
    private static final int MPROTECT = 10;
    private static final int SOCKET = 41;
    private static final int CONNECT = 42;
    private static final int BIND = 49;
    private static final int LISTEN = 50;
    private static final int PTRACE = 101;
    private static final int PRCTL = 157;
    private static final int PROCESS_VM_READV = 310;
    private static final int PIDFD_GETFD = 438;
    private static final int PTRACE_SEIZE = 0x4206;
    private static final int PR_SET_PTRACER = 0x59616d61;
    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_RAW = 3;
    private static final int IPPROTO_ICMP = 1;
    private static final int PROT_READ = 1;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED = 1;

    private RawCalls() {}

    private static long call(String name, long... words) throws PosixException {
        long[] all = new long[7];
        System.arraycopy(words, 0, all, 0, words.length);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
            long result = (long) SYSCALL.invokeExact(
                    state, all[0], all[1], all[2], all[3], all[4], all[5], all[6]);
            if (result == -1) {
                throw new PosixException(name, state.get(ValueLayout.JAVA_INT, 0));
            }
            return result;
        } catch (PosixException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Lets anybody of this user trace this process where Yama would not.
    static void letOthersTrace() {
        try {
            call("prctl", PRCTL, PR_SET_PTRACER, -1);
        } catch (PosixException e) {
            // There is no Yama here.
        }
    }

    /// Takes a descriptor of another process and gives it back.
    static void takeDescriptor(int pidfd, int fd) throws PosixException {
        Descriptors.close((int) call("pidfd_getfd", PIDFD_GETFD, pidfd, fd));
    }

    static void trace(int pid) throws PosixException {
        call("ptrace", PTRACE, PTRACE_SEIZE, pid);
    }

    static long readMemory(int pid, long address) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment word = arena.allocate(ValueLayout.JAVA_LONG);
            MemorySegment local = arena.allocate(ValueLayout.JAVA_LONG, 2);
            local.setAtIndex(ValueLayout.JAVA_LONG, 0, word.address());
            local.setAtIndex(ValueLayout.JAVA_LONG, 1, Long.BYTES);
            MemorySegment remote = arena.allocate(ValueLayout.JAVA_LONG, 2);
            remote.setAtIndex(ValueLayout.JAVA_LONG, 0, address);
            remote.setAtIndex(ValueLayout.JAVA_LONG, 1, Long.BYTES);
            call("process_vm_readv", PROCESS_VM_READV, pid, local.address(), 1, remote.address(), 1);
            return word.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    /// A socket in the abstract name space that listens until this process ends.
    static void listenAbstract(String name) throws PosixException {
        long fd = call("socket", SOCKET, AF_UNIX, SOCK_STREAM);
        withAddress(name, (address, length) -> call("bind", BIND, fd, address, length));
        call("listen", LISTEN, fd, 5);
    }

    static void connectAbstract(String name) throws PosixException {
        long fd = call("socket", SOCKET, AF_UNIX, SOCK_STREAM);
        try {
            withAddress(name, (address, length) -> call("connect", CONNECT, fd, address, length));
        } finally {
            Descriptors.close((int) fd);
        }
    }

    private interface WithAddress {
        long run(long address, long length) throws PosixException;
    }

    private static void withAddress(String name, WithAddress use) throws PosixException {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(110, 8);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
            // A NUL first makes it abstract.
            MemorySegment.copy(bytes, 0, address, ValueLayout.JAVA_BYTE, 3, bytes.length);
            use.run(address.address(), 3L + bytes.length);
        }
    }

    static void rawSocket() throws PosixException {
        Descriptors.close((int) call("socket", SOCKET, AF_INET, SOCK_RAW, IPPROTO_ICMP));
    }

    static void mapWritable(int fd) throws PosixException {
        call("mmap", MMAP, 0, 4096, PROT_READ_WRITE, MAP_SHARED, fd, 0);
    }

    static void mapAndMakeWritable(int fd) throws PosixException {
        long address = call("mmap", MMAP, 0, 4096, PROT_READ, MAP_SHARED, fd, 0);
        call("mprotect", MPROTECT, address, 4096, PROT_READ_WRITE);
    }

    static void write(int fd) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            Descriptors.writeAt(fd, arena.allocate(8), 64);
        }
    }
}
