package hearth.base.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/// Goal: a child's end is seen, however it came. Method: a real `sleep`, started by the JDK, which also reaps it.
class ProcessesTest {
    @Test
    void pidfdIsReadableOnlyAfterTheEnd() throws IOException, InterruptedException {
        Process sleep = new ProcessBuilder("sleep", "60").start();
        int pidfd = Processes.pidfd((int) sleep.pid());
        assertThat(Processes.awaitExit(pidfd, 0)).isFalse();
        assertThat(Processes.awaitExit(pidfd, 5)).isFalse();
        Processes.signal(pidfd, Processes.SIGSTOP);
        assertThat(Processes.awaitExit(pidfd, 5)).as("stopped is not ended").isFalse();
        Processes.signal(pidfd, Processes.SIGKILL);
        assertThat(Processes.awaitExit(pidfd, 10_000)).isTrue();
        assertThat(sleep.waitFor()).isEqualTo(128 + Processes.SIGKILL);
        Processes.signal(pidfd, Processes.SIGKILL);
        Descriptors.close(pidfd);
    }

    @Test
    void strangersAreNotReaped() {
        assertThatExceptionOfType(PosixException.class)
                .isThrownBy(() -> Processes.reap(1))
                .matches(e -> e.errno() == Errno.ECHILD);
    }

    @Test
    void parentIsTheOneInProc() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String parent = stat.substring(stat.lastIndexOf(')') + 2).split(" ")[1];
        assertThat(Processes.parentPid()).isEqualTo(Integer.parseInt(parent));
    }

    @Test
    void coreDumpsCanBeSwitchedOff() throws IOException {
        Processes.coreDumpsOff();
        assertThat(Path.of("/proc/self/limits")).content().containsPattern("Max core file size +0 +0 ");
    }
}
