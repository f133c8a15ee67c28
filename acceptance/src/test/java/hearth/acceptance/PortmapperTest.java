package hearth.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// Goal: a client that can be told no port finds the controller by the portmapper, over guests' and hosts' lives; a
/// port 111 that is taken is one clear line and exit code 2. Method: qemu-img, and rpcinfo where it is (package
/// rpcbind), in a network name space of the test's own, which ends with it.
class PortmapperTest {
    private static final String CONFIG = """
            controllers:
              - name: a
                listen: [{address: 127.0.0.1, portmapper: true}]
                disks: [{size: 64MiB}, {size: 64MiB}]
                memory: {cache: 16MiB, log: 8MiB}
            """;
    private static final int IMAGE_BYTES = 5 << 20;

    private static Path folder;

    @BeforeAll
    static void prepare() throws IOException {
        assumeTrue(Command.run(10, List.of("unshare", "-n", "true")).exit() == 0, "no network name spaces here");
        assumeTrue(Files.exists(Path.of("/usr/bin/qemu-img")) && Files.exists(Path.of("/usr/sbin/ip")),
                "install qemu-utils, qemu-block-extra and iproute2");
        folder = Files.createTempDirectory(Host.scratch(), "portmapper-");
        Files.writeString(folder.resolve("host.yaml"), CONFIG);
        Files.writeString(folder.resolve("other.yaml"), CONFIG.replace("name: a", "name: b"));
        byte[] image = new byte[IMAGE_BYTES];
        new Random(Long.getLong("hearth.seed", 1)).nextBytes(image);
        Files.write(folder.resolve("image"), image);
    }

    @AfterAll
    static void clean() throws IOException {
        if (folder != null) {
            Host.deleteTree(folder);
        }
    }

    /// What a script prints that has a network of its own; in it `$h` is the launcher with the host's data directory.
    private static List<String> privately(String script) throws IOException {
        Path file = Files.writeString(folder.resolve("script"), """
                exec 2>&1
                cd %s
                ip link set lo up
                h() { %s "$@" --data data; }
                trap 'h down >/dev/null' EXIT
                """.formatted(folder, Host.launcher()) + script);
        return Command.run(180, List.of("unshare", "-n", "bash", file.toString())).out().lines().toList();
    }

    @Test
    void clientsThatCanBeToldNoPortFindTheControllerWhateverDies() throws IOException {
        List<String> lines = privately("""
                image=nfs://127.0.0.1/vol0/image
                h up host.yaml -d >/dev/null || echo no host
                qemu-img convert -f raw -O raw image $image
                h kill a >/dev/null
                qemu-img compare -f raw -F raw image $image
                qemu-img bench -w -f raw -c 500 -d 32 -s 4096 $image | tail -1
                h down >/dev/null && h up -d >/dev/null || echo no second host
                qemu-img bench -f raw -c 500 -d 32 -s 4096 $image | tail -1
                rpcinfo -p 127.0.0.1 | awk 'NR > 1 { print $1, $2, $3 }'
                rpcinfo -t 127.0.0.1 100003 3
                rpcinfo -t 127.0.0.1 100005 3
                rpcinfo -u 127.0.0.1 100000 2
                """);
        assertThat(lines.get(0)).isEqualTo("Images are identical.");
        assertThat(lines.subList(1, 3)).as("%s", lines).allMatch(line -> line.startsWith("Run completed in "));
        if (Files.exists(Path.of("/usr/sbin/rpcinfo"))) {
            assertThat(lines.subList(3, lines.size())).containsExactly(
                    "100000 2 tcp", "100000 2 udp", "100003 3 tcp", "100005 3 tcp",
                    "program 100003 version 3 ready and waiting",
                    "program 100005 version 3 ready and waiting",
                    "program 100000 version 2 ready and waiting");
        }
    }

    @Test
    void aPortThatIsTakenIsOneLineAndTheHostThatHasItGoesOn() throws IOException {
        List<String> lines = privately("""
                h up host.yaml -d >/dev/null || echo no host
                %1$s up other.yaml -d --data other
                echo $?
                %1$s config check other.yaml --data other
                qemu-img create -f raw nfs://127.0.0.1/vol0/file 1M >/dev/null && echo still there
                ls other 2>/dev/null
                """.formatted(Host.launcher()));
        String line = folder.resolve("other.yaml") + ":3: controllers[0].listen[0].portmapper: controller b cannot be"
                + " portmapper on 127.0.0.1 port 111: ";
        String remedy = "; stop the portmapper that has it (rpcbind), or leave out 'portmapper'";
        assertThat(lines).as("%s", lines).hasSize(4);
        assertThat(lines.get(0)).startsWith("hearth: " + line).endsWith(remedy);
        assertThat(lines.get(1)).isEqualTo("2");
        assertThat(lines.get(2)).startsWith(line).endsWith(remedy);
        assertThat(lines.get(3)).isEqualTo("still there");
    }
}
