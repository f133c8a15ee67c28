package hearth.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.ObjectMapper;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: the verbs about volumes, exports and disks make the right call for the right controller, with every argument
/// in its place, and show the answer. Method: as in `VerbsTest`.
class AdminVerbsTest {
    private static final long NO_PROCESS = 4_194_304 + 1;
    private static final String ONE = "{\"controllers\":[{\"name\":\"a\"}]}";
    private static final String TWO = "{\"controllers\":[{\"name\":\"a\"},{\"name\":\"b\"}]}";
    private static final String VOLUMES = """
            {"controller":"a","volumes":[
             {"name":"vol0","sizeBytes":0,"usedBytes":8192,"files":3,"state":"online","exports":["/vol0"]},
             {"name":"old","sizeBytes":1073741824,"usedBytes":4096,"files":-1,"state":"deleting","exports":[]}]}
            """;
    private static final String GONE = """
            {"controller":"a","volumes":[
             {"name":"vol0","sizeBytes":0,"usedBytes":8192,"files":3,"state":"online","exports":["/vol0"]}]}
            """;
    private static final String EXPORTS = """
            {"controller":"a","exports":[
             {"path":"/vol0","volume":"vol0","access":"rw","squash":"root","clients":["10.0.0.0/8","::1"]}]}
            """;
    private static final String DISKS = """
            {"controller":"a","disks":[
             {"name":"disk0","file":"/d0","sizeBytes":1073741824,"usedAs":"half 0 of the mirror","state":"stale",
              "labelGeneration":4,"reads":1,"writes":2,"flushes":3,"errors":5}]}
            """;
    private static final String BASE = "/v1/controllers/a/";

    @TempDir
    Path data;

    private StubHost host;

    @BeforeEach
    void start() throws IOException {
        host = new StubHost(data, NO_PROCESS);
        host.answer("GET /v1/status", 200, ONE);
    }

    @AfterEach
    void stop() throws IOException {
        host.close();
    }

    private Ran run(String... words) {
        return Ran.on(data, words);
    }

    private static List<String> lines(Ran ran) {
        return ran.out().lines().map(line -> line.strip().replaceAll(" +", " ")).toList();
    }

    @Test
    void everyVerbMakesItsCall() {
        record Case(String call, String answer, String... words) {}
        for (Case one : List.of(
                new Case("POST " + BASE + "volumes?name=new", VOLUMES, "volume", "create", "new"),
                new Case("POST " + BASE + "volumes?name=new&size=10GiB", VOLUMES,
                        "volume", "create", "new", "--size", "10GiB"),
                new Case("POST " + BASE + "volumes/vol0/resize?size=none", VOLUMES,
                        "volume", "resize", "vol0", "--size", "none"),
                new Case("POST " + BASE + "volumes/vol0/delete?force=false", GONE, "volume", "delete", "vol0"),
                new Case("POST " + BASE + "volumes/vol0/delete?force=true", GONE,
                        "volume", "delete", "vol0", "--force"),
                new Case("POST " + BASE + "exports?path=%2Fp&volume=vol0&clients=10.0.0.0%2F8%2C%3A%3A1&access=ro"
                        + "&squash=all", EXPORTS, "export", "create", "/p", "--volume", "vol0", "--clients",
                        "10.0.0.0/8,::1", "--access", "ro", "--squash", "all"),
                new Case("POST " + BASE + "exports/set?path=%2Fp&access=rw", EXPORTS,
                        "export", "set", "/p", "--access", "rw"),
                new Case("POST " + BASE + "exports/delete?path=%2Fp", EXPORTS, "export", "delete", "/p"))) {
            host.answer(one.call(), 200, one.answer());
            Ran ran = run(one.words());
            assertThat(ran.exit()).as("%s: %s", one.call(), ran.err()).isZero();
            assertThat(host.calls).contains(one.call());
        }
    }

    @Test
    void listsAreTablesOrTheHostsAnswer() throws Exception {
        host.answer("GET " + BASE + "volumes", 200, VOLUMES);
        host.answer("GET " + BASE + "exports", 200, EXPORTS);
        host.answer("GET " + BASE + "disks", 200, DISKS);
        assertThat(lines(run("volume", "list"))).containsExactly(
                "name size used files export state",
                "vol0 - 8.0 KiB 3 /vol0 online",
                "old 1.0 GiB 4.0 KiB - - deleting");
        assertThat(lines(run("export", "list"))).containsExactly(
                "path volume access squash clients",
                "/vol0 vol0 rw root 10.0.0.0/8,::1");
        assertThat(lines(run("disk", "list"))).contains("disk0 stale half 0 of the mirror 1.0 GiB 4 1 2 5 /d0");
        var mapper = new ObjectMapper();
        assertThat(mapper.readTree(run("volume", "list", "-o", "json").out())).isEqualTo(mapper.readTree(VOLUMES));
        assertThat(mapper.readTree(run("disk", "list", "-o", "json").out())).isEqualTo(mapper.readTree(DISKS));
    }

    @Test
    void deletingTellsWhatIsLeftAndWaitsWhenAsked() {
        host.answer("POST " + BASE + "volumes/old/delete?force=true", 200, VOLUMES);
        assertThat(run("volume", "delete", "old", "--force").out())
                .contains("volume old deleted; 4.0 KiB still to be freed");
        host.answer("GET " + BASE + "volumes", 200, GONE);
        Ran waited = run("volume", "delete", "old", "--force", "--wait");
        assertThat(waited.out()).contains("4.0 KiB still to be freed", "volume old deleted\n");
        assertThat(host.calls).endsWith("GET " + BASE + "volumes");
    }

    @Test
    void theControllerIsNamedWhenThereIsMoreThanOne() {
        host.answer("GET /v1/status", 200, TWO);
        host.answer("GET /v1/controllers/b/volumes", 200, VOLUMES);
        Ran ran = run("volume", "list");
        assertThat(ran.exit()).isEqualTo(2);
        assertThat(ran.err()).contains("controllers a, b", "--controller NAME");
        assertThat(run("volume", "list", "--controller", "b").exit()).isZero();
    }

    @Test
    void exitCodesAreTheHostsAndTheUsages() {
        host.answer("POST " + BASE + "volumes/vol0/delete?force=false", 409,
                "{\"error\":{\"message\":\"volume 'vol0' is not empty\",\"exit\":1}}");
        Ran refused = run("volume", "delete", "vol0");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).isEqualTo("hearth: volume 'vol0' is not empty\n");
        assertThat(run("volume", "resize", "vol0").exit()).isEqualTo(2);
        assertThat(run("export", "create", "/p").exit()).isEqualTo(2);
        assertThat(run("volume").exit()).isEqualTo(2);
        assertThat(run("volume", "list", "--colour").exit()).isEqualTo(2);
    }

    @Test
    void everyVerbExplainsItself() {
        for (String[] words : List.of(new String[] {"volume"}, new String[] {"volume", "create"},
                new String[] {"volume", "list"}, new String[] {"volume", "resize"}, new String[] {"volume", "delete"},
                new String[] {"export"}, new String[] {"export", "create"}, new String[] {"export", "set"},
                new String[] {"export", "delete"}, new String[] {"export", "list"}, new String[] {"disk"},
                new String[] {"disk", "list"})) {
            var out = new StringWriter();
            var line = new ArrayList<>(List.of(words));
            line.add("--help");
            int exit = Main.commandLine().setOut(new PrintWriter(out, true)).execute(line.toArray(String[]::new));
            assertThat(exit).isZero();
            assertThat(out.toString()).contains("Usage: ./hearth " + String.join(" ", words));
        }
    }
}
