package hearth.acceptance;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// Goal: what is wrong with a configuration or with what it names is one clear line with key or disk and remedy, exit
/// code 2, and nothing is damaged; `config check` says the same and changes nothing. Method: a data directory that was
/// in use, one thing put wrong at a time, both verbs, and every file's checksum before and after. Each test puts back
/// what it took away.
class WrongInputTest {
    private static final String CONFIG = """
            controllers:
              - name: a
                disks: [{size: 64MiB, file: one.img}, {size: 64MiB, file: two.img}]
                journal: {files: [one.log, two.log]}
                memory: {cache: 16MiB, log: 8MiB}
            """;
    private static final long SHORT_BYTES = 30L << 20;

    private static Path folder;
    private static Path data;
    private static Path config;

    @BeforeAll
    static void useTheDirectory() throws IOException {
        folder = Files.createTempDirectory(Host.scratch(), "wrong-");
        data = folder.resolve("data");
        config = folder.resolve("host.yaml");
        Files.writeString(config, CONFIG);
        hearth("up", config.toString(), "-d").expect(0);
        assertThat(hearth("config", "check", config.toString()).expect(0).out())
                .contains("no mistake found").contains("not looked at: " + data + " is in use by the host");
        hearth("down").expect(0);
    }

    @AfterAll
    static void clean() throws IOException {
        hearth("down");
        Host.deleteTree(folder);
    }

    private static Command hearth(String... words) {
        return Command.run(120, Command.join(
                Command.join(List.of(Host.launcher().toString()), words), "--data", data.toString()));
    }

    /// All files with length, time of the last change and checksum.
    private static Map<Path, String> files() throws IOException {
        var sums = new TreeMap<Path, String>();
        try (var all = Files.walk(folder)) {
            for (Path file : all.toList()) {
                sums.put(file, Files.isRegularFile(file) ? sum(file) : "");
            }
        }
        return sums;
    }

    private static String sum(Path file) throws IOException {
        var crc = new CRC32C();
        byte[] buffer = new byte[1 << 20];
        try (InputStream in = Files.newInputStream(file)) {
            for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
                crc.update(buffer, 0, length);
            }
        }
        return Files.size(file) + " " + Files.getLastModifiedTime(file) + " " + crc.getValue();
    }

    /// Both verbs refuse, `up` with this one line.
    private static void assertRefused(String line) throws IOException {
        Map<Path, String> before = files();
        Command check = hearth("config", "check", config.toString()).expect(2);
        assertThat(check.out().lines()).contains(line);
        Command up = hearth("up", config.toString(), "-d").expect(2);
        assertThat(up.err().strip()).isEqualTo("hearth: " + line);
        assertThat(files()).isEqualTo(before);
    }

    private static void assertWarned(String line) throws IOException {
        Map<Path, String> before = files();
        assertThat(hearth("config", "check", config.toString()).expect(0).out().lines()).contains("WARNING: " + line);
        assertThat(files()).isEqualTo(before);
    }

    private static String at(int line, String key) {
        return config + ":" + line + ": controllers[0]." + key;
    }

    @Test
    void everyMistakeInTheFileIsALineAndUpSaysTheFirst() throws IOException {
        try {
            Files.writeString(config, CONFIG + "    exprots: []\n    guest: {heap: much}\napi-port: 70000\n");
            Command check = hearth("config", "check", config.toString()).expect(2);
            assertThat(check.out().lines()).containsExactly(
                    at(6, "exprots is unknown; allowed here: disks, exports, guest, journal, listen, memory, name,"
                            + " restart, volumes"),
                    at(7, "guest.heap is 'much'; write a size such as 64MiB or 10GiB"),
                    config + ":8: api-port is 70000; allowed: 0 to 65535");
            JsonNode json = Host.parse(
                    hearth("config", "check", config.toString(), "-o", "json").expect(2).out()).path("problems");
            assertThat(json).hasSize(3);
            assertThat(json.path(1).path("line").asInt()).isEqualTo(7);
            assertThat(json.path(1).path("key").asText()).isEqualTo("controllers[0].guest.heap");

            Files.writeString(config, CONFIG + "    exprots: []\n");
            assertRefused(at(6, "exprots is unknown; allowed here: disks, exports, guest, journal, listen, memory,"
                    + " name, restart, volumes"));
            Files.writeString(config, CONFIG.replace("cache: 16MiB", "cache: 16MB"));
            assertRefused(at(5, "memory.cache is '16MB'; write a size such as 64MiB or 10GiB"));
            Files.writeString(config, CONFIG.replace("[{size", "[{{size"));
            assertThat(hearth("up", config.toString()).expect(2).err().strip()).contains("host.yaml:").contains("YAML");
        } finally {
            Files.writeString(config, CONFIG);
        }
    }

    @Test
    void oneDiskMissingOrCutIsAWarningAndBothAreTheEnd() throws IOException {
        Path one = folder.resolve("one.img");
        Path two = folder.resolve("two.img");
        String remedy = "; put the file back as it was, or the other disk holds the only copy";
        Files.move(one, folder.resolve("one.kept"));
        Files.move(two, folder.resolve("two.kept"));
        try {
            assertRefused(at(3, "disks: no disk of controller a can be used: [" + one + ", " + two
                    + "]; put at least one of the files back"));
            Command.done(20, "cp", "--sparse=always", folder.resolve("one.kept").toString(), one.toString());
            assertWarned(at(3, "disks[1].file: disk file " + two + " is left out: missing" + remedy));
            cut(one);
            Command.done(20, "cp", "--sparse=always", folder.resolve("two.kept").toString(), two.toString());
            assertWarned(at(3, "disks[0].file: disk file " + one + " is left out: too short: " + SHORT_BYTES + " bytes"
                    + remedy));
            cut(two);
            assertRefused(at(3, "disks: no disk of controller a can be used: [" + one + ", " + two
                    + "]; put at least one of the files back"));
        } finally {
            Files.deleteIfExists(one);
            Files.deleteIfExists(two);
            Files.move(folder.resolve("one.kept"), one);
            Files.move(folder.resolve("two.kept"), two);
        }
    }

    private static void cut(Path file) {
        Command.done(20, "truncate", "-s", Long.toString(SHORT_BYTES), file.toString());
    }

    @Test
    void aDiskOrAJournalThatIsNotOursIsNamedAndNotTouched() throws IOException {
        Path one = folder.resolve("one.img");
        Path journal = folder.resolve("one.log");
        Path other = folder.resolve("two.log");
        Files.move(one, folder.resolve("kept"));
        try {
            Command.done(20, "sh", "-c", "yes 'of somebody else' | head -c " + (64 << 20) + " >" + one);
            assertRefused(at(3, "disks[0].file: disk file " + one + " is foreign: it holds no label of a hearth disk;"
                    + " put the right file there, or move this away"));
        } finally {
            Files.deleteIfExists(one);
            Files.move(folder.resolve("kept"), one);
        }
        Files.move(journal, folder.resolve("kept"));
        try {
            assertWarned(at(4, "journal.files[0]: journal file " + journal + " is missing; it is made again from the"
                    + " others"));
            Files.move(other, folder.resolve("other-kept"));
            assertRefused(at(4, "journal.files: no journal file can be read: {" + journal + "=missing, " + other
                    + "=missing}; changes that were acknowledged as stable may be lost. Bring a file back, or start"
                    + " with --accept-loss to go on without them"));
        } finally {
            Files.move(folder.resolve("kept"), journal);
            if (Files.exists(folder.resolve("other-kept"))) {
                Files.move(folder.resolve("other-kept"), other);
            }
        }
    }

    @Test
    void aPortInUseAndAnAddressOfAnotherMachineAreNamed() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            Files.writeString(config, CONFIG + "    listen: [{port: " + port + "}]\napi-port: " + port + "\n");
            Command check = hearth("config", "check", config.toString()).expect(2);
            assertThat(check.out().lines()).contains(config + ":7: api-port: cannot listen on 127.0.0.1 port " + port
                    + ": bind: EADDRINUSE; stop what uses the port, or configure another one");
            Files.writeString(config, CONFIG + "    listen: [{port: " + port + "}]\n");
            assertRefused(at(6, "listen[0].port: controller a cannot listen on 127.0.0.1 port " + port
                    + ": bind: EADDRINUSE; stop what uses the port, or configure another one"));
            Files.writeString(config, CONFIG + "    listen: [{address: 192.0.2.1, port: 2049}]\n");
            assertRefused(at(6, "listen[0].port: controller a cannot listen on 192.0.2.1 port 2049: bind:"
                    + " EADDRNOTAVAIL; this machine has no such address: configure one that it has"));
        } finally {
            Files.writeString(config, CONFIG);
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("a-file"), "in the way");
        try {
            Files.writeString(config, CONFIG.replace("- name: a", "- name: b").replace("one.img", "a-file/one.img")
                    .replace("two.log", "no-folder/two.log"));
            Command check = Command.run(60, List.of(Host.launcher().toString(), "config", "check", config.toString(),
                    "--data", folder.resolve("fresh").toString())).expect(2);
            assertThat(check.out().lines()).containsExactly(
                    at(3, "disks[0].file: file " + file.resolve("one.img") + " cannot be made: " + file
                            + " is in the way: it is no directory; name another place"),
                    at(3, "disks[1].file: disk file " + folder.resolve("two.img") + " exists and holds something else;"
                            + " move it away, or name another file"),
                    at(4, "journal.files[0]: journal file " + folder.resolve("one.log") + " exists and belongs to"
                            + " something else; move it away, or name another file"),
                    at(4, "journal.files[1]: file " + folder.resolve("no-folder/two.log") + " cannot be made: there is"
                            + " no folder " + folder.resolve("no-folder") + "; name another place"));
            assertThat(folder.resolve("fresh")).doesNotExist();
        } finally {
            Files.writeString(config, CONFIG);
            Files.delete(file);
        }
        Map<Path, String> before = files();
        String script = "mount --bind %1$s %1$s && mount -o remount,bind,ro %1$s && %2$s config check %3$s --data %1$s;"
                + " echo $?; %2$s up %3$s --data %1$s; echo $?";
        List<String> lines = privately(script.formatted(data, Host.launcher(), config));
        String line = "the data directory " + data + " cannot be used: no permission to write in " + data
                + ", or its file system is read-only; --data DIR chooses another one";
        assertThat(lines).containsExactly(line, "2", "hearth: " + line, "2");
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void aFullDiskIsSaidAtTheStart() throws IOException {
        Path small = Files.createDirectories(folder.resolve("small"));
        String script = "mount -t tmpfs -o size=20m none %1$s && cd %1$s && %2$s config check %3$s --data data;"
                + " echo $?; %2$s up %3$s --data data; echo $?; ls -A %1$s";
        Files.writeString(config, "controllers: [{name: a}]\n");
        try {
            List<String> lines = privately(script.formatted(small, Host.launcher(), config));
            assertThat(lines).hasSize(4);
            assertThat(lines.getFirst()).isEqualTo(config + ":1: controllers[0].journal.files[1]: the file system of "
                    + small + " has 20 MiB free, needed are 265 MiB; make room there, or name other places");
            assertThat(lines.subList(1, 4)).containsExactly("2", "hearth: " + lines.getFirst(), "2");
        } finally {
            Files.writeString(config, CONFIG);
        }
    }

    @Test
    void aDiskThatFillsUpStopsItsControllerAndRoomBringsItBack() throws IOException {
        Path small = Files.createDirectories(folder.resolve("small"));
        Path script = folder.resolve("full.sh");
        Files.writeString(script, """
                set -u
                hearth=%s config=%s
                mount -t tmpfs -o size=200m none %s && cd %3$s || exit 9
                trap '$hearth down --data data >/dev/null 2>&1' EXIT
                $hearth up -d $config --data data >/dev/null || exit 8
                url=$($hearth status --data data | grep -o 'nfs://[^ ]*' | head -1)
                at() { echo "${url/\\?//$1?}"; }
                head -c 4000000 /dev/urandom >first
                nfs-cp first "$(at first)" >/dev/null && $hearth restart a --data data >/dev/null || exit 7
                head -c 400m /dev/zero >filler 2>/dev/null
                # A client waits for a controller that has failed, as long as it likes.
                timeout 15 nfs-cp first "$(at second)" >/dev/null 2>&1
                for i in $(seq 100); do
                    $hearth status --data data | grep FAILED && break
                done
                rm filler
                $hearth restart a --data data >/dev/null || exit 6
                nfs-cp "$(at first)" first-again >/dev/null && cmp first first-again && echo 'as it was'
                nfs-cp first "$(at third)" >/dev/null && echo 'takes more'
                $hearth down --data data >/dev/null && echo 'in order'
                """.formatted(Host.launcher(), config, small));
        String disks = "small/data/disks/";
        Files.writeString(config, CONFIG.replace("one.", disks + "one.").replace("two.", disks + "two."));
        try {
            List<String> lines = privately("exec bash " + script);
            assertThat(lines).hasSize(4);
            assertThat(lines.getFirst()).contains("FAILED").contains("ENOSPC where the disk's file is: make room there")
                    .containsAnyOf(small.resolve("data/disks/one.img").toString(), "data/disks/two.img");
            assertThat(lines.subList(1, 4)).containsExactly("as it was", "takes more", "in order");
        } finally {
            Files.writeString(config, CONFIG);
        }
    }

    /// What a script prints that has mounts of its own, which end with it.
    private static List<String> privately(String script) {
        assumeTrue(Command.run(10, List.of("unshare", "-m", "true")).exit() == 0, "no mount name spaces here");
        Command run = Command.run(180, List.of("unshare", "-m", "sh", "-c", "exec 2>&1; " + script));
        return new ArrayList<>(run.out().lines().toList());
    }
}
