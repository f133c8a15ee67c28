package hearth.hypervisor;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import hearth.base.Check;
import hearth.base.posix.Descriptors;
import hearth.base.posix.Errno;
import hearth.base.posix.ExitStatus;
import hearth.base.posix.Landlock;
import hearth.base.posix.PosixException;
import hearth.base.posix.Processes;
import hearth.base.posix.Sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// Goal: a guest is born with its channel and nothing else, can reach nothing else, and dies when it must. Method:
/// real JVMs as guests, which report what they tried; a shell that looks at its own process.
class ProcessDriverTest {
    private static final MethodHandle DUP = Linker.nativeLinker().downcallHandle(
            Linker.nativeLinker().defaultLookup().findOrThrow("dup"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final int END_MS = 20_000;

    private static ProcessDriver driver;

    @TempDir
    private Path dir;

    @BeforeAll
    static void openDriver() throws IOException {
        driver = ProcessDriver.open(TestGuests.JAVA_HOME, TestGuests.PROGRAM);
    }

    @Test
    void guestReachesItsProgramAndItsChannelAndNothingElse() throws IOException {
        int abi = Landlock.abiVersion();
        assumeTrue(abi > 0, driver.confinement());
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Guest guest = driver.start(TestGuests.spec(dir.resolve("log"), listener.getLocalPort()))) {
            List<String> report = TestGuests.report(guest);
            assertThat(report).as("log: " + Files.readString(dir.resolve("log"))).contains(
                    "read /etc/passwd: refused", "list /: refused", "read parent's environment: refused",
                    "write to program: refused", "write to /tmp: refused",
                    "list program: done", "random: done", "duplicate channel: done");
            if (abi >= Landlock.NETWORK_ABI) {
                assertThat(report).contains("connect: refused", "bind: refused");
            }
            if (abi >= Landlock.SCOPE_ABI) {
                assertThat(report).contains("signal parent: refused " + Errno.EPERM);
            }
            assertThat(dir.resolve("log")).content().contains("a word for the log");
        }
        assertThat(driver.confinement()).startsWith("landlock abi " + abi);
    }

    @Test
    void killedGuestIsSeenAndReapedOnce() throws IOException {
        try (Guest guest = driver.start(TestGuests.spec(dir.resolve("log"), 1))) {
            TestGuests.report(guest);
            assertThat(guest.awaitExit(0)).isFalse();
            guest.kill();
            assertThat(guest.awaitExit(END_MS)).isTrue();
            assertThat(guest.reap()).isEqualTo(new ExitStatus.Killed(Processes.SIGKILL));
            assertThat(guest.reap()).isEqualTo(new ExitStatus.Killed(Processes.SIGKILL));
            guest.kill();
            assertThat(ProcessHandle.of(guest.pid())).isEmpty();
        }
    }

    @Test
    void guestThatEndsByItselfLeavesItsCode() throws IOException {
        try (Guest guest = driver.start(TestGuests.spec(dir.resolve("log"), 1)); Arena arena = Arena.ofConfined()) {
            TestGuests.report(guest);
            Sockets.send(guest.channel(), arena.allocateFrom(ValueLayout.JAVA_INT, 42));
            assertThat(guest.reap()).isEqualTo(new ExitStatus.Exited(42));
        }
    }

    @Test
    void closeEndsTheGuest() throws IOException {
        Guest guest = driver.start(TestGuests.spec(dir.resolve("log"), 1));
        guest.close();
        guest.close();
        assertThat(ProcessHandle.of(guest.pid())).isEmpty();
    }

    @Test
    void orphanHaltsBeforeItDoesAnything() throws IOException {
        List<String> command = TestGuests.java(TestGuest.class, "1", "1", "/");
        GuestSpec spec = new GuestSpec("a", 1, command, dir.resolve("log"), List.of());
        try (Guest guest = driver.start(spec)) {
            assertThat(guest.reap()).isEqualTo(new ExitStatus.Exited(Processes.ORPHAN_EXIT_CODE));
            assertThat(dir.resolve("log")).isEmptyFile();
        }
    }

    @Test
    void guestDiesWithItsParent() throws IOException {
        Path log = dir.resolve("log");
        Process parent = new ProcessBuilder(TestGuests.java(TestParent.class, log.toString()))
                .redirectError(dir.resolve("parent.log").toFile()).start();
        int pidfd = -1;
        try (BufferedReader output = parent.inputReader()) {
            String line = output.readLine();
            assertThat(line).as(() -> read(dir.resolve("parent.log")) + read(log)).isNotNull();
            pidfd = Processes.pidfd(Integer.parseInt(line));
            assertThat(Processes.awaitExit(pidfd, 0)).isFalse();
            parent.destroyForcibly();
            assertThat(Processes.awaitExit(pidfd, END_MS)).isTrue();
        } finally {
            parent.destroyForcibly();
            if (pidfd >= 0) {
                Processes.signal(pidfd, Processes.SIGKILL);
                Descriptors.close(pidfd);
            }
        }
    }

    private static String read(Path path) {
        try {
            return Files.exists(path) ? Files.readString(path) : "";
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// Not a JVM, which opens files of its own before anybody could look.
    @Test
    void childIsBornWithFourDescriptorsDefaultSignalsAndItsOwnSession() throws Throwable {
        ProcessDriver open = ProcessDriver.open(TestGuests.JAVA_HOME,
                List.of(Path.of("/bin"), Path.of("/lib"), Path.of("/proc")));
        // Without close-on-exec, as a careless library opens one.
        int leak = (int) DUP.invokeExact(0);
        String script = "/bin/ls -l /proc/self/fd; /bin/cat /proc/self/status /proc/self/stat; /usr/bin/env; pwd";
        Path log = dir.resolve("log");
        GuestSpec spec = new GuestSpec("a", 1, List.of("/bin/sh", "-c", script), log, List.of());
        try (Guest guest = open.start(spec)) {
            assertThat(guest.reap()).as(() -> read(log)).isEqualTo(new ExitStatus.Exited(0));
            List<String> lines = Files.readAllLines(log);
            List<String> descriptors = lines.stream().filter(l -> l.contains(" -> "))
                    .map(l -> l.substring(l.indexOf(" -> ") - 2).strip()).toList();
            assertThat(descriptors).hasSize(5);
            assertThat(descriptors.subList(0, 3))
                    .containsExactly("0 -> /dev/null", "1 -> " + log, "2 -> " + log);
            assertThat(descriptors.get(3)).startsWith("3 -> socket:");
            assertThat(descriptors.get(4)).as("the folder that ls reads").matches("4 -> /proc/\\d+/fd");
            assertThat(lines).contains("SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000", "NoNewPrivs:\t1", "/");
            assertThat(lines).noneMatch(l -> l.startsWith("PATH=") || l.startsWith("JAVA_HOME="));
            String stat = lines.stream().filter(l -> l.contains("(cat) ")).findFirst().orElseThrow();
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            assertThat(fields[2]).as("process group").isEqualTo(Integer.toString(guest.pid()));
            assertThat(fields[3]).as("session").isEqualTo(Integer.toString(guest.pid()));
        } finally {
            Descriptors.close(leak);
        }
    }

    @Test
    void programThatIsNotThereIsAnErrorAndLeavesNothingOpen() throws IOException {
        GuestSpec spec = new GuestSpec("a", 7, List.of("/dev/null/java"), dir.resolve("log"), List.of());
        assertThatExceptionOfType(GuestStartException.class).isThrownBy(() -> driver.start(spec));
        long before = openDescriptors();
        assertThatExceptionOfType(GuestStartException.class)
                .isThrownBy(() -> driver.start(spec))
                .withMessageContaining("guest a incarnation 7").withMessageContaining("ENOTDIR")
                .withRootCauseInstanceOf(PosixException.class);
        assertThat(openDescriptors()).isEqualTo(before);
    }

    @Test
    void whatTheDriverWasNotOpenedWithIsRefused() {
        GuestSpec spec = new GuestSpec("a", 1, List.of("/bin/true"), dir.resolve("log"), List.of(Path.of("/etc")));
        assertThatExceptionOfType(GuestStartException.class)
                .isThrownBy(() -> driver.start(spec))
                .withMessageContaining("/etc");
    }

    @Test
    void restOfThisProcessIsNotConfined() throws Exception {
        try (Guest guest = driver.start(TestGuests.spec(dir.resolve("log"), 1))) {
            TestGuests.report(guest);
        }
        CompletableFuture<String> platform = new CompletableFuture<>();
        CompletableFuture<String> virtual = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> platform.complete(read(Path.of("/etc/passwd"))));
        Thread.ofVirtual().start(() -> virtual.complete(read(Path.of("/etc/passwd"))));
        await().atMost(Duration.ofSeconds(20)).until(() -> platform.isDone() && virtual.isDone());
        assertThat(platform.get()).contains("root:");
        assertThat(virtual.get()).contains("root:");
    }

    @Test
    void virtualThreadMayNotStartGuests() throws Exception {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                driver.start(TestGuests.spec(dir.resolve("log"), 1)).close();
                thrown.complete(new AssertionError("started"));
            } catch (Throwable e) {
                thrown.complete(e);
            }
        });
        assertThat(thrown.get()).isInstanceOf(Check.Failed.class);
    }

    private static long openDescriptors() throws IOException {
        try (var entries = Files.list(Path.of("/proc/self/fd"))) {
            return entries.count();
        }
    }
}
