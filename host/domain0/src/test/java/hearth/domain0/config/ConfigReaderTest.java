package hearth.domain0.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import hearth.base.Units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Goal: a good file becomes the records it describes, and a bad one gets one line that says where, what and what is
/// allowed. Method: real files; in the tables `/` starts a new line of the file.
class ConfigReaderTest {
    private static final String CONTROLLER = "controllers:\n  - name: a\n";

    @TempDir
    Path folder;

    private HostConfig read(String text) throws Exception {
        Path file = folder.resolve("host.yaml");
        Files.writeString(file, text);
        return ConfigReader.read(file, folder.resolve("data"));
    }

    @Test
    void aNameAloneIsTheDefaultController() throws Exception {
        assertThat(read(CONTROLLER)).isEqualTo(HostConfig.defaults(folder.resolve("data")));
    }

    @Test
    void everyKeyArrivesInItsRecord() throws Exception {
        ControllerConfig c = read("""
                api-port: 8080
                controllers:
                  - name: files
                    disks:
                      - {file: one.img, size: 2GiB}
                      - {name: second, file: /elsewhere/two.img, size: 3000000000}
                    volumes:
                      - name: home
                    exports:
                      - {path: /srv/home, volume: home, access: ro, clients: [192.168.1.0/24, 'fd00::/8'], squash: all}
                    listen:
                      - {address: 192.168.1.5, port: 2049, portmapper: true}
                      - address: '::1'
                    memory: {cache: 513MiB, log: 16MiB, huge-pages: false}
                    journal: {files: [j.log], size: 256MiB}
                    restart:
                      failed-starts-max: 3
                      failed-start-ms: 100
                      failed-start-answers: 7
                      stop-timeout-ms: 2000
                    guest: {heap: 128MiB, consistency-point-interval-ms: 1000}
                """).controllers().getFirst();
        assertThat(c.disks()).containsExactly(
                new DiskConfig("disk0", folder.resolve("one.img"), 2 * Units.GIB),
                new DiskConfig("second", Path.of("/elsewhere/two.img"), 3_000_000_000L & -4096));
        assertThat(c.exports()).containsExactly(new ExportConfig("/srv/home", "home", ExportConfig.Access.RO,
                List.of("192.168.1.0/24", "fd00::/8"), ExportConfig.Squash.ALL));
        assertThat(c.listen()).containsExactly(
                new ListenConfig("192.168.1.5", 2049, true), new ListenConfig("0:0:0:0:0:0:0:1", 0));
        // Region files are made of huge pages, so sizes go up to the next one.
        assertThat(c.memory()).isEqualTo(new MemoryConfig(514L * Units.MIB, 16L * Units.MIB, false));
        assertThat(c.journal()).isEqualTo(new JournalConfig(List.of(folder.resolve("j.log")), 256L * Units.MIB));
        assertThat(c.restart()).isEqualTo(new RestartConfig(3, 100, 7, 2000));
        assertThat(c.guest()).isEqualTo(new GuestConfig(128L * Units.MIB, 1000));
    }

    @Test
    void aFileThatIsNestedTooDeepIsOneLineAndNoOverflownStack() {
        String mappings = "controllers:\n  " + "{a: ".repeat(3_000);
        for (String deep : List.of("[".repeat(100_000), mappings, "- ".repeat(50_000))) {
            assertThatThrownBy(() -> read(deep))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageEndingWith(": is nested deeper than 32 levels");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        nothing: 1                                 | 1: nothing is unknown; allowed here: api-port, controllers, logs
        api-port: 1/api-port: 2                    | 2: api-port is given twice
        api-port: 65536                            | 1: api-port is 65536; allowed: 0 to 65535
        api-port: many                             | 1: api-port is 'many'; it must be a whole number from 0 to 65535
        api-port: [1]                              | 1: api-port must be one value
        controllers: a                             | 1: controllers must be a list
        controllers: [a]                           | 1: controllers[0] must be a mapping of keys to values
        controllers: []                            | 1: controllers lists 0; allowed: 1 to 8
        - a                                        | 1: the file must be a mapping of keys to values
        controllers:/  - disks: []                 | 2: controllers[0].name is missing
        controllers:/  - name: A                   | 2: controllers[0].name is 'A'; it must be a lower-case letter and \
        up to 30 of a-z, 0-9 and -
        controllers:/  - name: a/  - name: a       | 3: controllers[1].name is 'a', which another controller has
        logs: {size: 1KiB}                         | 1: logs.size is 1KiB; allowed: 64 KiB to 1 GiB
        logs: {kept: 101}                          | 1: logs.kept is 101; allowed: 0 to 100
        controllers: [                             | 1: is no YAML: expected the node content, but found '<stream end>'
        """)
    void aWrongTopLevelIsOneLineThatSaysWhere(String text, String message) {
        assertComplaint(text.replace('/', '\n'), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        disks: []                              | disks lists 0; a mirror has two
        disks: [{size: 1GiB}]                  | disks lists 1; a mirror has two
        disks: [{size: 1MB}, {}]               | disks[0].size is '1MB'; write a size such as 64MiB or 10GiB
        disks: [{size: 1MiB}, {}]              | disks[0].size is 1MiB; allowed: 64 MiB to 16 TiB
        disks: [{name: x}, {name: x}]          | disks[1].name is 'x', which another disk has
        disks: [{path: x}, {}]                 | disks[0].path is unknown; allowed here: file, name, size
        volumes: []                            | volumes lists 0; allowed: 1 to 64
        volumes: [{name: v}, {name: v}]        | volumes[1].name is 'v', which another volume has
        exports: []                            | exports lists none; leave it out to export every volume to this machine
        exports: [{clients: ['::1']}]          | exports[0].volume is missing
        exports: [{volume: x}]                 | exports[0].volume is 'x'; the controller has: vol0
        exports: [{volume: vol0, path: x}]     | exports[0].path is 'x'; it must be absolute and plain, such as /vol0
        exports: [{volume: vol0, path: /../x}] \
        | exports[0].path is '/../x'; it must be absolute and plain, such as /vol0
        exports: [{volume: vol0, clients: []}] \
        | exports[0].clients is missing; list 1 to 64 blocks of addresses, such as [192.168.1.0/24]; everybody is \
        [0.0.0.0/0, '::/0']
        exports: [{volume: vol0, clients: [host]}] \
        | exports[0].clients has 'host'; write addresses as 192.168.1.0/24 or fd00::/64
        exports: [{volume: vol0, clients: [10.0.0.0/33]}] \
        | exports[0].clients has '10.0.0.0/33'; the length after / goes from 0 to 32
        exports: [{volume: vol0, clients: [10.0.0.1/24]}] \
        | exports[0].clients has '10.0.0.1/24'; it has bits set after the first 24
        exports: [{volume: vol0, path: /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, \
        clients: ['::1']}] \
        | exports[0].path has 64 characters; allowed: up to 63
        exports: [{volume: vol0, clients: ['::1']}, {volume: vol0, path: /x, clients: ['::1']}] \
        | exports[1].volume is 'vol0', which another export has; a volume has one export
        exports: [{volume: vol0, clients: \
        ['fd00:1000::/64', 'fd00:1001::/64', 'fd00:1002::/64', 'fd00:1003::/64', 'fd00:1004::/64', \
        'fd00:1005::/64', 'fd00:1006::/64', 'fd00:1007::/64', 'fd00:1008::/64', 'fd00:1009::/64', \
        'fd00:1010::/64', 'fd00:1011::/64', 'fd00:1012::/64', 'fd00:1013::/64', 'fd00:1014::/64']}] \
        | exports[0].clients has 224 characters with commas between; allowed: up to 191
        exports: [{volume: vol0, clients: [10.0.0.0/8], access: r}] | exports[0].access is 'r'; allowed: ro, rw
        exports: [{volume: vol0, clients: [10.0.0.0/8], squash: yes}] \
        | exports[0].squash is 'yes'; allowed: none, root, all
        listen: []                             | listen lists 0; allowed: 1 to 16
        listen: [{address: server}] \
        | listen[0].address is 'server'; it must be an IP address, such as 192.168.1.5 or ::
        listen: [{port: 70000}]                | listen[0].port is 70000; allowed: 0 to 65535
        listen: [{port: 1}, {port: 1}]         | listen[1].port is 1 on 127.0.0.1, which is listed twice
        listen: [{address: '::1', portmapper: true}] | listen[0].portmapper is true for ::1; it knows IPv4 only
        listen: [{port: 111}, {portmapper: true}] | listen[1].portmapper needs port 111 on 127.0.0.1, which is listed \
        already
        memory: {cache: 1MiB}                  | memory.cache is 1MiB; allowed: 16 MiB to 64 GiB
        memory: {log: 2GiB}                    | memory.log is 2GiB; allowed: 8 MiB to 1 GiB
        memory: {huge-pages: yes}              | memory.huge-pages is 'yes'; it must be true or false
        memory: 1GiB                           | memory must be a mapping of keys to values
        journal: {size: 64MiB}                 | journal.size is 64MiB; allowed: 132 MiB to 64 GiB
        journal: {files: [a, a]}               | journal.files is DIR/a, which another disk or journal has
        restart: {failed-starts-max: 0}        | restart.failed-starts-max is 0; allowed: 1 to 100
        guest: {heap: 1MiB}                    | guest.heap is 1MiB; allowed: 64 MiB to 16 GiB
        guest: {"heap": "1\\n2"}               | guest.heap is '1 2'; write a size such as 64MiB or 10GiB
        """)
    void aWrongControllerIsOneLineThatSaysWhere(String text, String message) {
        assertComplaint(CONTROLLER + "    " + text, "3: controllers[0]." + message.replace("DIR", folder.toString()));
    }

    private void assertComplaint(String text, String message) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(ConfigException.class)
                .hasMessage(folder.resolve("host.yaml") + ":" + message);
    }

    @Test
    void everyMistakeIsFoundAndOtherControllersAreRead() throws Exception {
        Path file = folder.resolve("host.yaml");
        Files.writeString(file, """
                api-port: 70000
                controllers:
                  - name: a
                    memory: {cache: 1MiB, log: many, swap: 1GiB}
                    listen: [{address: server, port: 70000}, {port: x}]
                    exports:
                      - {volume: other}
                      - {volume: vol0, clients: [10.0.0.0/8], access: r}
                  - name: b
                    disks: [{file: one.img}, {file: two.img}]
                  - naem: c
                logs: {kept: -1, size: 1GiB}
                """);
        ReadConfig read = ConfigReader.check(file, folder.resolve("data"));
        assertThat(read.complaints()).extracting(ReadConfig.Complaint::line).containsExactlyInAnyOrder(
                file + ":1: api-port is 70000; allowed: 0 to 65535",
                file + ":4: controllers[0].memory.swap is unknown; allowed here: cache, huge-pages, log",
                file + ":4: controllers[0].memory.cache is 1MiB; allowed: 16 MiB to 64 GiB",
                file + ":4: controllers[0].memory.log is 'many'; write a size such as 64MiB or 10GiB",
                file + ":5: controllers[0].listen[0].address is 'server'; it must be an IP address, such as"
                        + " 192.168.1.5 or ::",
                file + ":5: controllers[0].listen[1].port is 'x'; it must be a whole number from 0 to 65535",
                file + ":7: controllers[0].exports[0].volume is 'other'; the controller has: vol0",
                file + ":8: controllers[0].exports[1].access is 'r'; allowed: ro, rw",
                file + ":11: controllers[2].naem is unknown; allowed here: disks, exports, guest, journal, listen,"
                        + " memory, name, restart, volumes",
                file + ":11: controllers[2].name is missing",
                file + ":12: logs.kept is -1; allowed: 0 to 100");
        assertThat(read.config().controllers()).extracting(ControllerConfig::name).containsExactly("b");
        assertThat(read.config().logs().sizeBytes()).isEqualTo(Units.GIB);
        assertThat(read.places().of("b", "disks[1].file").text())
                .isEqualTo(file + ":10: controllers[1].disks[1].file");
        assertThat(read.places().of("b", "journal.files[0]").text())
                .as("a default stands where its controller does")
                .isEqualTo(file + ":9: controllers[1].journal.files[0]");
        assertThatThrownBy(read::orThrow).hasMessage(file + ":1: api-port is 70000; allowed: 0 to 65535");
    }

    @Test
    void twoControllersDoNotShareAFile() {
        assertComplaint("""
                controllers:
                  - name: a
                    journal: {files: [shared]}
                  - name: b
                    disks: [{file: shared}, {}]
                """, "5: controllers[1].disks[0].file is " + folder.resolve("shared")
                + ", which another disk or journal has");
    }

    @Test
    void aFileThatIsNotThereOrEmptyOrNoTextIsSaid() throws Exception {
        Path file = folder.resolve("host.yaml");
        assertThatThrownBy(() -> ConfigReader.read(file, folder)).hasMessage(file + ": there is no such file");
        assertThatThrownBy(() -> read("# nothing\n")).hasMessageStartingWith(file + ": is empty");
        Files.write(file, new byte[] {(byte) 0xFF, 1});
        assertThatThrownBy(() -> ConfigReader.read(file, folder)).hasMessage(file + ": is not a text file in UTF-8");
    }
}
