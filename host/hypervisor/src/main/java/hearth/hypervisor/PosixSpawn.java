package hearth.hypervisor;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;

import hearth.base.Check;
import hearth.base.posix.PosixException;

/// The C library's `posix_spawn`: a child without a copy of domain 0's memory map, which takes long to copy when it is
/// large. The child belongs to the calling thread: it inherits that thread's Landlock restriction, and a parent-death
/// signal follows that thread. Needs glibc 2.34 or later, which can close what a child must not have.
@SuppressWarnings("restricted") // a call of the C library is what this class is
final class PosixSpawn {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBRARY = LINKER.defaultLookup();
    private static final FunctionDescriptor ONE_POINTER =
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
    private static final FunctionDescriptor TWO_POINTERS =
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
    private static final FunctionDescriptor POINTER_AND_NUMBER =
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);

    private static final MethodHandle SPAWN = handle("posix_spawn", FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS,
            ValueLayout.ADDRESS));
    private static final MethodHandle ACTIONS_INIT = handle("posix_spawn_file_actions_init", ONE_POINTER);
    private static final MethodHandle ACTIONS_DESTROY = handle("posix_spawn_file_actions_destroy", ONE_POINTER);
    private static final MethodHandle ACTIONS_DUP2 = handle("posix_spawn_file_actions_adddup2",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT));
    private static final MethodHandle ACTIONS_CHDIR = handle("posix_spawn_file_actions_addchdir_np", TWO_POINTERS);
    private static final MethodHandle ACTIONS_CLOSE_FROM =
            handle("posix_spawn_file_actions_addclosefrom_np", POINTER_AND_NUMBER);
    private static final MethodHandle ATTRIBUTES_INIT = handle("posix_spawnattr_init", ONE_POINTER);
    private static final MethodHandle ATTRIBUTES_DESTROY = handle("posix_spawnattr_destroy", ONE_POINTER);
    private static final MethodHandle ATTRIBUTES_FLAGS = handle("posix_spawnattr_setflags",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_SHORT));
    private static final MethodHandle ATTRIBUTES_MASK = handle("posix_spawnattr_setsigmask", TWO_POINTERS);
    private static final MethodHandle ATTRIBUTES_DEFAULT = handle("posix_spawnattr_setsigdefault", TWO_POINTERS);

    private static final short SET_SIGNAL_DEFAULT = 0x04;
    private static final short SET_SIGNAL_MASK = 0x08;
    private static final short SET_SESSION = 0x80;

    // The C library's structures are opaque; glibc's have 80 and 336 bytes, its signal set 128.
    private static final int ACTIONS_SIZE = 512;
    private static final int ATTRIBUTES_SIZE = 1024;
    private static final int SIGNAL_SET_SIZE = 128;

    private PosixSpawn() {}

    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(LIBRARY.findOrThrow(name), descriptor);
    }

    /// Starts `command` (first the program's absolute path) with `descriptors` as its descriptors 0, 1, 2, … and no
    /// others, in the root folder, in a session of its own so that a terminal's signals do not reach it, with an
    /// empty environment and all signals as a new program expects them. Returns the process number. The given
    /// descriptors must be above those they become.
    static int spawn(List<String> command, int... descriptors) throws PosixException {
        for (int fd : descriptors) {
            Check.that(fd >= descriptors.length, "a descriptor would be overwritten before it is used", fd);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment actions = arena.allocate(ACTIONS_SIZE, 16);
            MemorySegment attributes = arena.allocate(ATTRIBUTES_SIZE, 16);
            ok((int) ACTIONS_INIT.invokeExact(actions), "posix_spawn_file_actions_init");
            try {
                ok((int) ATTRIBUTES_INIT.invokeExact(attributes), "posix_spawnattr_init");
                try {
                    fill(arena, actions, attributes, descriptors);
                    return spawn(arena, command, actions, attributes);
                } finally {
                    int _ = (int) ATTRIBUTES_DESTROY.invokeExact(attributes);
                }
            } finally {
                int _ = (int) ACTIONS_DESTROY.invokeExact(actions);
            }
        } catch (PosixException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw Check.failed("posix_spawn's handle threw " + e);
        }
    }

    private static void fill(Arena arena, MemorySegment actions, MemorySegment attributes, int... descriptors)
            throws Throwable {
        for (int i = 0; i < descriptors.length; i++) {
            ok((int) ACTIONS_DUP2.invokeExact(actions, descriptors[i], i), "posix_spawn_file_actions_adddup2");
        }
        // All of domain 0's are close-on-exec; a library that it uses may have opened one that is not.
        ok((int) ACTIONS_CLOSE_FROM.invokeExact(actions, descriptors.length),
                "posix_spawn_file_actions_addclosefrom_np");
        ok((int) ACTIONS_CHDIR.invokeExact(actions, arena.allocateFrom("/")), "posix_spawn_file_actions_addchdir_np");
        short flags = SET_SIGNAL_DEFAULT | SET_SIGNAL_MASK | SET_SESSION;
        ok((int) ATTRIBUTES_FLAGS.invokeExact(attributes, flags), "posix_spawnattr_setflags");
        MemorySegment none = arena.allocate(SIGNAL_SET_SIZE, 8);
        MemorySegment all = arena.allocate(SIGNAL_SET_SIZE, 8).fill((byte) 0xFF);
        ok((int) ATTRIBUTES_MASK.invokeExact(attributes, none), "posix_spawnattr_setsigmask");
        ok((int) ATTRIBUTES_DEFAULT.invokeExact(attributes, all), "posix_spawnattr_setsigdefault");
    }

    private static int spawn(Arena arena, List<String> command, MemorySegment actions, MemorySegment attributes)
            throws Throwable {
        MemorySegment arguments = arena.allocate(ValueLayout.ADDRESS, command.size() + 1L);
        for (int i = 0; i < command.size(); i++) {
            arguments.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(command.get(i)));
        }
        MemorySegment environment = arena.allocate(ValueLayout.ADDRESS);
        MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
        int error = (int) SPAWN.invokeExact(pid, arena.allocateFrom(command.getFirst()), actions, attributes,
                arguments, environment);
        if (error != 0) {
            throw new PosixException("posix_spawn", error, command.getFirst());
        }
        return pid.get(ValueLayout.JAVA_INT, 0);
    }

    private static void ok(int error, String call) throws PosixException {
        if (error != 0) {
            throw new PosixException(call, error);
        }
    }
}
