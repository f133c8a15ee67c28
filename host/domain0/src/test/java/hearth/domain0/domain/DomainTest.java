package hearth.domain0.domain;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import hearth.base.Check;
import hearth.base.Clock;
import hearth.base.Event;
import hearth.base.Units;
import hearth.domain0.config.ControllerConfig;
import hearth.domain0.config.DiskConfig;
import hearth.domain0.config.ExportConfig;
import hearth.domain0.config.GuestConfig;
import hearth.domain0.config.JournalConfig;
import hearth.domain0.config.ListenConfig;
import hearth.domain0.config.MemoryConfig;
import hearth.domain0.config.RestartConfig;
import hearth.domain0.config.VolumeConfig;
import hearth.domain0.disk.DiskFiles;
import hearth.domain0.state.DataDirectory;
import hearth.hypervisor.ProcessDriver;
import hearth.memory.region.Region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/// Goal: a domain outlives its guests: same address, same log, growing numbers; and ends only when it is told to or
/// when starting is hopeless. Method: guests are real processes of a small test program, killed for real.
class DomainTest {
    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));
    private static final long WAIT_MS = 30_000;
    private static ProcessDriver driver;

    @TempDir
    private Path folder;

    private final List<Event> events = new CopyOnWriteArrayList<>();
    private volatile String mode = "serve";
    private DataDirectory directory;
    private RestartConfig restart = new RestartConfig(5, 500, 1, 10_000);

    @BeforeAll
    static void openDriver() throws Exception {
        driver = ProcessDriver.open(JAVA_HOME, program());
    }

    @BeforeEach
    void openDirectory() throws Exception {
        directory = DataDirectory.lock(folder.resolve("data"));
    }

    @AfterEach
    void closeDirectory() throws IOException {
        directory.close();
    }

    private static List<Path> program() throws Exception {
        List<Path> paths = new ArrayList<>();
        for (Class<?> one : List.of(Check.class, Region.class, TestGuest.class)) {
            paths.add(Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI()));
        }
        // The test's classes are patched into the module: their folder is beside the module's own.
        paths.add(paths.getLast().resolveSibling("test-classes"));
        return paths;
    }

    private DomainServices services(boolean acceptLoss) {
        GuestProgram testGuest = new GuestProgram() {
            @Override
            public List<String> command(GuestConfig config) {
                return List.of(JAVA_HOME + "/bin/java", "-XX:-UsePerfData", "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1", "-Xmx64m", "-XX:-UseContainerSupport",
                        "--enable-native-access=ALL-UNNAMED", "-cp", path(), TestGuest.class.getName(), mode);
            }

            @Override
            public List<Path> readOnly() {
                return List.of();
            }
        };
        return new DomainServices(driver, testGuest, DiskFiles.PLAIN, Clock.SYSTEM, events::add, acceptLoss);
    }

    private static String path() {
        try {
            return String.join(":", program().stream().map(Path::toString).toList());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private ControllerConfig config() {
        Path disks = directory.disks();
        return new ControllerConfig("a",
                List.of(new DiskConfig("disk0", disks.resolve("disk0"), 32L * Units.MIB),
                        new DiskConfig("disk1", disks.resolve("disk1"), 32L * Units.MIB)),
                List.of(new VolumeConfig("vol0")),
                List.of(new ExportConfig("/vol0", "vol0", ExportConfig.Access.RW, List.of(), ExportConfig.Squash.NONE)),
                List.of(new ListenConfig("127.0.0.1", 0)),
                new MemoryConfig(4L * Units.MIB, 2L * Units.MIB, true),
                new JournalConfig(List.of(disks.resolve("journal0"), disks.resolve("journal1")), 9L * Units.MIB),
                restart, new GuestConfig(64L * Units.MIB, 5000));
    }

    private Domain started() throws Exception {
        Domain domain = Domain.open(config(), directory, services(false));
        domain.start();
        return domain;
    }

    private Domain listening() throws Exception {
        Domain domain = started();
        if (!domain.awaitListening(WAIT_MS)) {
            String log = Files.readString(directory.logs().resolve("guest-a.log"));
            domain.close();
            throw new AssertionError("does not listen: " + events + " " + log);
        }
        return domain;
    }

    private static Socket connect(Domain domain) throws IOException {
        String address = domain.status().listen().getFirst();
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) WAIT_MS);
        return socket;
    }

    /// The incarnation that answered and the record's number.
    private static long[] call(Socket socket) throws IOException {
        socket.getOutputStream().write('x');
        var line = new StringBuilder();
        for (int c = socket.getInputStream().read(); c != '\n'; c = socket.getInputStream().read()) {
            if (c < 0) {
                throw new IOException("closed");
            }
            line.append((char) c);
        }
        String[] words = line.toString().split(" ");
        return new long[] {Long.parseLong(words[0]), Long.parseLong(words[1])};
    }

    private List<String> eventNames() {
        return events.stream().map(Event::name).toList();
    }

    @Test
    void aKilledGuestIsFollowedByTheNextWhichServesAtTheSameAddressFromTheSameLog() throws Exception {
        try (Domain domain = listening()) {
            DomainStatus before = domain.status();
            assertThat(before.plan()).isEqualTo("conventional");
            assertThat(before.probesByHost()).containsExactly(1L, 0L, 0L, 0L, 0L, 0L, 0L);
            try (Socket socket = connect(domain)) {
                assertThat(call(socket)).containsExactly(1, 1);
                assertThat(call(socket)).containsExactly(1, 2);
                domain.kill(NextBoot.FREE);
                assertThat(socket.getInputStream().read()).as("the connection dies with the guest").isEqualTo(-1);
            } catch (SocketException e) {
                // Reset: also a death of the connection.
            }
            // No connect is refused, whether a guest listens at this moment or not.
            try (Socket socket = connect(domain)) {
                assertThat(call(socket)).containsExactly(2, 3);
            }
            assertThat(domain.awaitListening(WAIT_MS)).isTrue();
            DomainStatus after = domain.status();
            assertThat(after.listen()).isEqualTo(before.listen());
            assertThat(after.urls().getFirst()).startsWith("nfs://127.0.0.1/vol0?nfsport=");
            assertThat(after.incarnation()).isEqualTo(2);
            assertThat(after.epoch()).isGreaterThan(before.epoch());
            assertThat(after.pid()).isNotEqualTo(before.pid());
            assertThat(after.plan()).isEqualTo("fast");
            assertThat(after.probesByHost()).containsOnly(0L);
            assertThat(after.lastOutageMs()).isPositive();

            Timeline timeline = domain.timelines().getLast();
            assertThat(timeline.reason()).contains("signal 9").contains("asked for");
            List<Long> stamps = new ArrayList<>();
            for (String stage : List.of(
                    "killed", "detected", "fenced", "spawned", "attached", "planned", "listening")) {
                assertThat(timeline.stampsNs()).containsKey(stage);
                stamps.add(timeline.stampsNs().get(stage));
            }
            assertThat(stamps).isSorted();
            assertThat(domain.timelines().getFirst().end()).contains("signal 9");
        }
        assertThat(eventNames()).contains("guest.fenced", "guest.boots").doesNotContain("probes.disagree");
    }

    @Test
    void manyKillsLoseNoRecordAndUseNoNumberTwice() throws Exception {
        try (Domain domain = listening()) {
            long lsn = 0;
            for (int round = 1; round <= 6; round++) {
                try (Socket socket = connect(domain)) {
                    long[] answer = call(socket);
                    assertThat(answer[1]).isEqualTo(++lsn);
                }
                domain.kill(NextBoot.FREE);
                int expected = round + 1;
                await().until(() -> domain.status().incarnation() == expected && domain.awaitListening(WAIT_MS));
            }
        }
    }

    @Test
    void downAndUpKeepRecordsPortAndNumbersGrowing() throws Exception {
        List<String> address;
        try (Domain domain = listening()) {
            address = domain.status().listen();
            try (Socket socket = connect(domain)) {
                call(socket);
                call(socket);
            }
            List<String> progress = new ArrayList<>();
            StopResult stopped = domain.stop(progress::add);
            assertThat(stopped.inOrder()).as(stopped.text()).isTrue();
            assertThat(progress.getFirst()).contains("consistency point");
            assertThat(domain.status().state()).isEqualTo(DomainStatus.State.STOPPED);
        }
        try (Domain domain = listening()) {
            assertThat(domain.status().listen()).isEqualTo(address);
            assertThat(domain.status().plan()).as("a new region knows no root").isEqualTo("conventional");
            try (Socket socket = connect(domain)) {
                long[] answer = call(socket);
                assertThat(answer[0]).isGreaterThan(1);
                assertThat(answer[1]).isEqualTo(3);
            }
        }
        assertThat(events).anySatisfy(event -> {
            assertThat(event.name()).isEqualTo("log.restored");
            assertThat(event.fields()).containsEntry("records", 2L);
        });
    }

    @Test
    void restartTakesAConsistencyPointFirst() throws Exception {
        try (Domain domain = listening()) {
            try (Socket socket = connect(domain)) {
                call(socket);
            }
            domain.restart(NextBoot.FREE);
            await().until(() -> domain.status().incarnation() == 2 && domain.awaitListening(WAIT_MS));
            assertThat(domain.status().log().durableLsn()).isEqualTo(1);
            assertThat(domain.consistencyPoint(WAIT_MS).inOrder()).isTrue();
        }
    }

    @Test
    void fiveFailedStartsInARowAreTheEndUntilSomebodyTriesAgain() throws Exception {
        mode = "die-booting";
        try (Domain domain = started()) {
            assertThat(domain.awaitListening(WAIT_MS)).isFalse();
            assertThat(domain.status().state()).isEqualTo(DomainStatus.State.FAILED);
            assertThat(domain.status().reason()).contains("5 failed starts").contains("exit 3");
            assertThat(domain.timelines()).hasSize(5);
            mode = "serve";
            domain.restart(NextBoot.FREE);
            await().until(() -> domain.status().state() == DomainStatus.State.LISTENING);
            assertThat(domain.status().incarnation()).isEqualTo(6);
        }
    }

    @Test
    void theSecondFailedStartInARowMakesTheNextBootConventional() throws Exception {
        restart = new RestartConfig(5, 60_000, 1, 10_000);
        try (Domain domain = listening()) {
            try (Socket socket = connect(domain)) {
                call(socket);
            }
            mode = "die-young";
            domain.kill(NextBoot.FREE);
            await().until(() -> domain.timelines().size() >= 4);
            mode = "serve";
            await().until(() -> domain.status().state() == DomainStatus.State.LISTENING
                    || domain.status().state() == DomainStatus.State.FAILED);
            List<Timeline> timelines = domain.timelines();
            assertThat(timelines.get(1).plan()).as("after the kill").isEqualTo("fast");
            assertThat(timelines.get(2).plan()).as("after one failed start").isEqualTo("fast");
            assertThat(timelines.get(3).plan()).as("after two").isEqualTo("conventional");
        }
    }

    @Test
    void aGuestThatCannotServeIsNotStartedAgain() throws Exception {
        mode = "cannot-serve";
        try (Domain domain = started()) {
            assertThat(domain.awaitListening(WAIT_MS)).isFalse();
            assertThat(domain.status().state()).isEqualTo(DomainStatus.State.FAILED);
            assertThat(domain.status().reason()).contains("two halves lived apart");
            assertThat(domain.timelines()).hasSize(1);
        }
    }

    @Test
    void aGuestThatSaysWhatOnlyDomain0SaysIsKilled() throws Exception {
        mode = "speak-nonsense";
        try (Domain domain = started()) {
            await().until(() -> eventNames().contains("guest.killed"));
            mode = "serve";
            await().until(() -> domain.timelines().size() > 1 && domain.awaitListening(WAIT_MS));
        }
    }

    @Test
    void aGuestThatDoesNotStopIsKilledAndTheJournalHasWhatWasStable() throws Exception {
        restart = new RestartConfig(5, 500, 1, 300);
        mode = "never-stop";
        try (Domain domain = listening()) {
            try (Socket socket = connect(domain)) {
                call(socket);
            }
            assertThat(domain.stop(_ -> {}).inOrder()).isFalse();
        }
        mode = "serve";
        try (Domain domain = listening(); Socket socket = connect(domain)) {
            assertThat(call(socket)[1]).isEqualTo(2);
        }
    }

    @Test
    void aConnectionThatTheGuestNeverTookIsResetAfterItsFence() throws Exception {
        mode = "never-take";
        try (Domain domain = listening(); Socket socket = connect(domain)) {
            call(socket);
            mode = "serve";
            domain.kill(NextBoot.FREE);
            assertThatThrownBy(() -> {
                while (socket.getInputStream().read() >= 0) {
                    assertThat(socket.isClosed()).isFalse();
                }
                throw new SocketException("end of stream instead of a reset");
            }).hasMessageContaining("reset");
        }
    }

    @Test
    void probesOnWhichGuestAndHostDisagreeAreAnEvent() throws Exception {
        mode = "probe-twice";
        try (Domain _ = listening()) {
            await().until(() -> eventNames().contains("probes.disagree"));
        }
    }

    @Test
    void oneHalfMissingIsADegradedStartAndBothMissingAreNone() throws Exception {
        try (Domain domain = listening()) {
            domain.stop(_ -> {});
        }
        Files.move(directory.disks().resolve("disk1"), folder.resolve("away1"));
        try (Domain domain = Domain.open(config(), directory, services(false))) {
            assertThat(eventNames()).contains("disk.absent");
            assertThat(domain.status().disks()).extracting(DomainStatus.DiskState::state)
                    .containsExactly("present", "absent");
        }
        assertThat(directory.disks().resolve("disk1")).as("a missing disk is not made again").doesNotExist();
        Files.move(directory.disks().resolve("disk0"), folder.resolve("away0"));
        assertStartFails("no disk of controller a can be used", "disk0");
    }

    @Test
    void aHalfThatTheMirrorWentOnWithoutIsNotEnough() throws Exception {
        mode = "drop-member";
        try (Domain domain = listening()) {
            await().until(() -> domain.status().disks().get(1).state().equals("stale"));
            domain.stop(_ -> {});
        }
        Files.move(directory.disks().resolve("disk0"), folder.resolve("away0"));
        assertStartFails("stale", "disk0");
        Files.move(folder.resolve("away0"), directory.disks().resolve("disk0"));
        try (Domain domain = Domain.open(config(), directory, services(false))) {
            assertThat(domain.status().disks()).extracting(DomainStatus.DiskState::state)
                    .containsExactly("present", "stale");
        }
    }

    @Test
    void aForeignDiskIsNamedAndNotTouched() throws Exception {
        try (Domain domain = listening()) {
            domain.stop(_ -> {});
        }
        Files.copy(directory.disks().resolve("disk0"), directory.disks().resolve("disk1"),
                StandardCopyOption.REPLACE_EXISTING);
        assertStartFails("is foreign", "disk1");
    }

    @Test
    void filesThatAreInTheWayOfTheFirstStartAreLeftAlone() throws Exception {
        Path inTheWay = Files.writeString(directory.disks().resolve("disk1"), "precious");
        assertStartFails("exists and holds something else", "disk1");
        assertThat(inTheWay).hasContent("precious");
        Files.delete(inTheWay);
        Path journal = Files.writeString(directory.disks().resolve("journal1"), "precious");
        assertStartFails("exists and belongs to something else", "journal1");
        assertThat(journal).hasContent("precious");
        Files.delete(journal);
        try (Domain _ = Domain.open(config(), directory, services(false))) {
            assertThat(directory.disks().resolve("disk1")).exists();
        }
    }

    @Test
    void aLostJournalIsRefusedUntilTheLossIsAccepted() throws Exception {
        try (Domain domain = listening()) {
            domain.stop(_ -> {});
        }
        for (String name : List.of("journal0", "journal1")) {
            try (var file = new RandomAccessFile(directory.disks().resolve(name).toFile(), "rw")) {
                file.write("garbage".repeat(2000).getBytes(StandardCharsets.US_ASCII));
            }
        }
        assertStartFails("--accept-loss", "journal0");
        try (Domain _ = Domain.open(config(), directory, services(true))) {
            assertThat(eventNames()).contains("journal.loss-accepted");
        }
    }

    @Test
    void moreMemoryThanThereIsIsRefusedWithNumbers() {
        ControllerConfig small = config();
        var huge = new ControllerConfig("a", small.disks(), small.volumes(), small.exports(), small.listen(),
                new MemoryConfig(3L * 1024 * Units.GIB, 2L * Units.MIB, true), small.journal(), small.restart(),
                small.guest());
        assertThatThrownBy(() -> Domain.open(huge, directory, services(false)))
                .isInstanceOf(StartException.class).hasMessageContaining("3145728").hasMessageContaining("available");
        assertThat(directory.disks().resolve("disk0")).doesNotExist();
    }

    @Test
    void aPortThatIsTakenIsNamed() throws Exception {
        try (var taken = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            ControllerConfig config = config();
            var clash = new ControllerConfig("a", config.disks(), config.volumes(), config.exports(),
                    List.of(new ListenConfig("127.0.0.1", taken.getLocalPort())), config.memory(), config.journal(),
                    config.restart(), config.guest());
            assertThatThrownBy(() -> Domain.open(clash, directory, services(false)))
                    .isInstanceOf(StartException.class).hasMessageContaining("" + taken.getLocalPort())
                    .hasMessageContaining("EADDRINUSE");
        }
    }

    private void assertStartFails(String... texts) {
        assertThatThrownBy(() -> Domain.open(config(), directory, services(false)))
                .isInstanceOfSatisfying(StartException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(StartException.CONFIGURATION))
                .hasMessageContainingAll(texts);
    }

    @AfterEach
    void nothingIsLeft() {
        long self = ProcessHandle.current().pid();
        await().atMost(10, TimeUnit.SECONDS).until(() -> ProcessHandle.current().children().noneMatch(
                child -> child.pid() != self && child.isAlive()));
    }
}
