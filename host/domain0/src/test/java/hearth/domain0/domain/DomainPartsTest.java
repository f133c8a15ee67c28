package hearth.domain0.domain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import hearth.base.Clock;
import hearth.base.Event;
import hearth.memory.label.DiskId;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Goal: the small parts of a domain read what they are given and refuse what they cannot. Method: texts and files.
class DomainPartsTest {
    @TempDir
    private Path folder;

    @Test
    void aStateFileComesBackAsItWas() {
        Map<String, DiskId> disks = new LinkedHashMap<>();
        disks.put("z", new DiskId(-1, 2));
        disks.put("a", new DiskId(3, -4));
        var state = new AggregateState(-5, disks, List.of(2049, 0), true, 77);
        AggregateState read = AggregateState.parse(state.text());
        assertThat(read).isEqualTo(state);
        assertThat(read.disks().keySet()).as("in the configured order").containsExactly("z", "a");
    }

    @Test
    void aStateFileThatIsDamagedIsNotGuessedAt() {
        for (String text : List.of("", "aggregate=1\n", "aggregate=xyz\ndisk.a=" + new DiskId(1, 2), "nonsense",
                "aggregate=1\ndisk.a=12\n", "aggregate=1\ndisk.a=" + new DiskId(1, 2) + "\nunknown=1\n")) {
            assertThatThrownBy(() -> AggregateState.parse(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void whoAsksAFailedControllerToTryAgainWaitsForTheTry() throws Exception {
        var board = new LifeBoard();
        board.enter(DomainStatus.State.FAILED, "why");
        assertThat(board.awaitSuccessor(0, 10_000)).as("nobody tries").isFalse();
        board.askRestart(NextBoot.FREE, 1);
        var waiting = new FutureTask<>(() -> board.awaitSuccessor(0, 10_000));
        Thread waiter = Thread.ofPlatform().start(waiting);
        Awaitility.await().until(() -> waiter.getState() == Thread.State.TIMED_WAITING);
        board.ended();
        assertThat(waiting.get()).isFalse();
    }

    @Test
    void theLeastOfMachineAndControlGroupsIsAvailable() throws IOException {
        Path proc = Files.createDirectories(folder.resolve("proc/self")).getParent();
        Path groups = Files.createDirectories(folder.resolve("cgroup/outer/inner")).getParent().getParent();
        Files.writeString(proc.resolve("meminfo"), "MemTotal: 9 kB\nMemAvailable:    4096 kB\n");
        Files.writeString(proc.resolve("self/cgroup"), "0::/outer/inner\n");
        assertThat(MemoryAvailable.bytes(proc, groups)).hasValue(4096 * 1024);
        Files.writeString(groups.resolve("outer/inner/memory.max"), "max\n");
        Files.writeString(groups.resolve("outer/inner/memory.current"), "5\n");
        assertThat(MemoryAvailable.bytes(proc, groups)).hasValue(4096 * 1024);
        Files.writeString(groups.resolve("outer/memory.max"), "1000000\n");
        Files.writeString(groups.resolve("outer/memory.current"), "900000\n");
        Files.writeString(groups.resolve("outer/memory.stat"), "anon 1\ninactive_file 50000\n");
        assertThat(MemoryAvailable.bytes(proc, groups)).hasValue(150_000);
        assertThat(MemoryAvailable.bytes(folder.resolve("no"), folder.resolve("no"))).isEmpty();
    }

    @Test
    void aGuestsLineBecomesAnEventOfItsDomainWhateverStandsInIt() {
        Event event = GuestEvents.parse(Clock.SYSTEM, "a", 3,
                "boot.decided plan=FastRestart why=\"all fresh, nothing to do\" empty=\"\" domain=liar");
        assertThat(event.name()).isEqualTo("boot.decided");
        assertThat(event.fields()).containsExactlyInAnyOrderEntriesOf(Map.of("domain", "a", "incarnation", 3L, "plan",
                "FastRestart", "why", "all fresh, nothing to do", "empty", ""));
        assertThat(GuestEvents.parse(Clock.SYSTEM, "a", 3, "Out Of Cheese = \"").name()).isEqualTo("guest.said");
        assertThat(GuestEvents.parse(Clock.SYSTEM, "a", 3, "x".repeat(100_000)).line().length()).isLessThan(5000);
        assertThat(GuestEvents.parse(Clock.SYSTEM, "a", 3, "many" + " k1=v".repeat(1000)).fields()).hasSize(3);
    }
}
