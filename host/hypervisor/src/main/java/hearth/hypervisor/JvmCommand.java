package hearth.hypervisor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import hearth.base.Check;

/// The command line of a guest's JVM: named modules on a module path, the AOT cache when the build left one.
///
/// JDK 25 takes an AOT cache with named modules as well as with a class path (a program of two modules: 32 ms both, 75
/// without a cache), but only if path, time stamps and names of the jars, the list of `--enable-native-access` and the
/// layout of object headers are those of the recording, and it refuses any `-Xshare`. A cache that does not fit is not
/// an error but costs more than none: so `recording` and `line` share the flags that count. Heap, collector (Serial or
/// G1), `-D` and the flags of `CONDUCT` may differ.
///
/// @param javaHome the JDK that runs the guest, the one that recorded the cache
/// @param program the folder of the guest's jars and of its cache
/// @param heapInitialMib the heap at the start
/// @param heapMaxMib the heap's bound; beyond it the guest dies and is started again
public record JvmCommand(Path javaHome, Path program, int heapInitialMib, int heapMaxMib) {
    /// The cache's name in the program's folder.
    public static final String AOT_CACHE = "hearth.aot";

    // What a cache must be recorded with to be accepted.
    private static final List<String> IDENTITY = List.of("-XX:+UseSerialGC", "-XX:-UsePerfData",
            "--enable-native-access=hearth.base,hearth.memory");

    // A guest that is out of memory is dead at once, with a report in its log; nothing is left in any folder and
    // nobody attaches. What a container grants is domain 0's to know: a guest cannot read it. Two compiler threads,
    // because guests share few processors and the first milliseconds belong to the boot. What the compilers leave free
    // in the C heap, tens of megabytes, goes back to the kernel now and then.
    private static final List<String> CONDUCT = List.of("-XX:+CrashOnOutOfMemoryError", "-XX:+ErrorFileToStderr",
            "-XX:-CreateCoredumpOnCrash", "-XX:+DisableAttachMechanism", "-XX:-UseContainerSupport",
            "-XX:CICompilerCount=2", "-XX:TrimNativeHeapInterval=20000");

    // As much as the JVM begins with by itself; it would let it grow to a third, and all of it is resident after a
    // while though next to nothing in it lives.
    private static final int YOUNG_ONE_IN = 6;

    public JvmCommand {
        Check.that(0 < heapInitialMib && heapInitialMib <= heapMaxMib, "no such heap", heapInitialMib, heapMaxMib);
        javaHome = javaHome.toAbsolutePath().normalize();
        program = program.toAbsolutePath().normalize();
    }

    /// The line that runs `main`, a `module/class`, with system properties (`name=value`) and arguments.
    public List<String> line(String main, List<String> properties, List<String> arguments) {
        List<String> line = new ArrayList<>();
        line.add(java());
        Path cache = program.resolve(AOT_CACHE);
        if (Files.isReadable(cache)) {
            line.add("-XX:AOTCache=" + cache);
        }
        line.addAll(IDENTITY);
        line.addAll(CONDUCT);
        line.add("-Xms" + heapInitialMib + "m");
        line.add("-Xmx" + heapMaxMib + "m");
        line.add("-Xmn" + Math.max(1, heapMaxMib / YOUNG_ONE_IN) + "m");
        properties.forEach(property -> line.add("-D" + property));
        addMain(line, main);
        line.addAll(arguments);
        return List.copyOf(line);
    }

    /// The line that runs `main` and leaves a cache which `line` will use.
    public List<String> recording(String main) {
        List<String> line = new ArrayList<>();
        line.add(java());
        line.add("-XX:AOTCacheOutput=" + program.resolve(AOT_CACHE));
        line.addAll(IDENTITY);
        addMain(line, main);
        return List.copyOf(line);
    }

    private String java() {
        return javaHome.resolve("bin").resolve("java").toString();
    }

    private void addMain(List<String> line, String main) {
        line.add("-p");
        line.add(program.toString());
        line.add("-m");
        line.add(main);
    }
}
