package hearth.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.ObjectMapper;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: each verb makes the right call, shows the answer in both forms, and ends with the exit code that scripts rely
/// on. Method: the command line in this process against a socket that answers as a host does.
class VerbsTest {
    private static final long NO_PROCESS = 4_194_304 + 1;
    private static final String STATUS = """
            {"dataDirectory":"/data","pid":42,"controllers":[{"name":"a","state":"LISTENING","reason":"",
             "incarnation":3,"pid":43,"plan":"FastRestart","urls":["nfs://127.0.0.1/vol0?nfsport=1&mountport=1"],
             "mounts":["mount -t nfs x"],"lastOutageMs":12.34,"restarts":2,
             "space":{"totalBytes":1073741824,"usedBytes":1048576,"freeBytes":1072693248},
             "cache":{"frames":100,"framesUsed":50,"hitRatio":0.5},"log":{"fillPercent":7,"flushedLagRecords":0},
             "journal":"ok","disks":[{"name":"disk0","file":"/d0","state":"present"},
             {"name":"disk1","file":"/d1","state":"absent"}],"degraded":true,"hugePagePercent":100,
             "confinement":"landlock abi 7"}]}
            """;
    private static final String TIMELINE = """
            {"controller":"a","incarnations":[
             {"incarnation":1,"death":"none","plan":"ConventionalBoot","stampsNs":{"spawned":1000000,
              "listening":9000000},"probes":{"guest":{"RAID":4},"host":{"RAID":4}},"replayedRecords":0},
             {"incarnation":2,"death":"killed","plan":"FastRestart","stampsNs":{"killed":100000000,
              "detected":101500000,"listening":150000000},"probes":{"guest":{"RAID":0},"host":{"RAID":0}},
              "replayedRecords":3}]}
            """;

    @TempDir
    Path data;

    private StubHost host;

    @BeforeEach
    void start() throws IOException {
        host = new StubHost(data, NO_PROCESS);
        host.answer("GET /v1/status", 200, STATUS);
        host.answer("GET /v1/controllers/a/timeline", 200, TIMELINE);
    }

    @AfterEach
    void stop() throws IOException {
        host.close();
    }

    private Ran run(String... words) {
        return Ran.on(data, words);
    }

    @Test
    void statusIsOneScreen() {
        Ran ran = run("status");
        assertThat(ran.exit()).isZero();
        assertThat(ran.out().lines()).hasSizeLessThan(24);
        assertThat(ran.out()).contains(
                "controller  a  LISTENING",
                "nfs://127.0.0.1/vol0?nfsport=1&mountport=1",
                "mount -t nfs x",
                "incarnation 3, process 43, FastRestart, 2 restarts, last outage 12.3 ms",
                "1.0 MiB used of 1.0 GiB",
                "50.0% hits",
                "huge pages 100%",
                "disk1  absent  /d1",
                "the mirror is degraded",
                "landlock abi 7");
    }

    @Test
    void jsonIsTheHostsAnswerAndNothingElse() throws Exception {
        var mapper = new ObjectMapper();
        assertThat(mapper.readTree(run("status", "-o", "json").out())).isEqualTo(mapper.readTree(STATUS));
        assertThat(mapper.readTree(run("timeline", "-o", "json").out())).isEqualTo(mapper.readTree(TIMELINE));
        assertThat(mapper.readTree(run("timeline", "a", "-o", "json").out())).isEqualTo(mapper.readTree(TIMELINE));
    }

    @Test
    void aTimelineCountsFromTheDeathOrFromTheSpawn() {
        List<String> lines = run("timeline").out().lines().map(line -> line.strip().replaceAll(" +", " ")).toList();
        assertThat(lines).contains(
                "incarnation 1 2",
                "death before none killed",
                "plan ConventionalBoot FastRestart",
                "detected - 1.5",
                "spawned 0.0 -",
                "listening 8.0 50.0",
                "probes (guest/host) 4/4 0/0",
                "records replayed 0 3");
        assertThat(run("timeline", "-n", "1").out()).contains("FastRestart").doesNotContain("Conventional");
    }

    @Test
    void eventsAreLinesWithTheirFields() {
        host.answer("GET /v1/events?last=2", 200,
                "{\"events\":[{\"number\":1,\"wallNs\":1000000000,\"name\":\"guest.spawned\","
                        + "\"fields\":{\"pid\":5}}]}");
        assertThat(run("events", "-n", "2").out()).contains("guest.spawned pid=5");
    }

    @Test
    void killAndRestartSayWhatHappened() {
        host.answer("POST /v1/controllers/a/kill?conventional=true", 200,
                "{\"controller\":\"a\",\"incarnation\":3,\"killedAtNs\":1}");
        host.answer("POST /v1/controllers/a/restart?conventional=false&dropCache=true", 200,
                "{\"controller\":\"a\",\"incarnation\":3,\"incarnationAfter\":4,\"outageMs\":99.96}");
        assertThat(run("kill", "a", "--conventional").out()).contains("incarnation 3 was killed");
        assertThat(run("restart", "a", "--drop-cache").out()).contains("incarnation 4, outage 100.0 ms");
    }

    @Test
    void downShowsEachControllerAndFailsWhenOneStoppedWithoutOrder() {
        String answer = "{\"controllers\":[{\"name\":\"a\",\"inOrder\":%s,\"result\":\"stopped so\"}]}";
        host.answer("POST /v1/down", 200, answer.formatted("true"));
        Ran ran = run("down");
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).contains("controller a: stopped so", "host stopped");
        host.answer("POST /v1/down", 200, answer.formatted("false"));
        assertThat(run("down").exit()).isEqualTo(1);
    }

    @Test
    void theHostsErrorIsTheMessageAndItsExitCodeTheProgrammes() {
        host.answer("POST /v1/controllers/b/kill?conventional=false", 404,
                "{\"error\":{\"message\":\"there is no controller 'b'; there are: a\",\"exit\":2}}");
        Ran ran = run("kill", "b");
        assertThat(ran.exit()).isEqualTo(2);
        assertThat(ran.err()).isEqualTo("hearth: there is no controller 'b'; there are: a\n");
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void noHostIsExitCodeThreeAndSaysHowToStartOne() throws Exception {
        Path nothing = data.resolve("nothing");
        Ran never = Ran.of("status", "--data", nothing.toString());
        assertThat(never.exit()).isEqualTo(3);
        assertThat(never.err()).contains("no host runs on " + nothing, "./hearth up --data " + nothing);
        // Killed: its files are there, and nobody behind them.
        host.close();
        Ran dead = run("status");
        assertThat(dead.exit()).isEqualTo(3);
        Files.writeString(data.resolve("run/api.json"), "{");
        assertThat(run("status").exit()).isEqualTo(1);
    }

    @Test
    void aWrongCommandLineIsExitCodeTwo() {
        assertThat(run("kill").exit()).isEqualTo(2);
        assertThat(run("status", "extra").exit()).isEqualTo(2);
        assertThat(run("status", "-o", "xml").exit()).isEqualTo(2);
        assertThat(Ran.of().exit()).isEqualTo(2);
        assertThat(host.calls).isEmpty();
    }

    @Test
    void everyVerbHasHelp() {
        for (String verb : List.of("status", "timeline", "events", "restart", "kill", "down")) {
            Ran ran = Ran.of(verb, "--help");
            assertThat(ran.exit()).isZero();
            assertThat(ran.out()).contains("Usage: ./hearth " + verb, "--data=DIR");
        }
    }
}
