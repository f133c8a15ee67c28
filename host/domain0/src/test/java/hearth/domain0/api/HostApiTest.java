package hearth.domain0.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import hearth.base.Clock;
import hearth.base.Event;
import hearth.domain0.config.LogsConfig;
import hearth.domain0.event.EventLog;
import hearth.memory.channel.AdminRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Goal: only who has the token and means this machine gets an answer, and every answer has the shape that scripts
/// read. Method: calls over a real socket, byte by byte; the domain behind it is a stand-in, because a real one is a
/// process.
class HostApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final FakeDomain domain = new FakeDomain("a");
    private EventLog events;
    private HostApi api;
    private int port;

    private record Answer(int status, JsonNode body) {
        String error() {
            return body.path("error").path("message").asText();
        }
    }

    @BeforeEach
    void start() throws IOException {
        events = new EventLog(folder.resolve("events.log"), LogsConfig.DEFAULT);
        api = HostApi.start(new FakeHost(folder, domain, events), 0);
        port = URI.create(api.url()).getPort();
    }

    @AfterEach
    void stop() throws IOException {
        api.close();
        events.close();
    }

    private Answer call(String method, String path) {
        return call(method, path, "127.0.0.1:" + port, "Bearer " + api.token());
    }

    private Answer call(String method, String path, String host, String authorization) {
        return raw(method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: " + authorization
                + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }

    private Answer raw(String request) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String[] parts = answer.split("\r\n\r\n", 2);
            return new Answer(Integer.parseInt(parts[0].split(" ")[1]), JSON.readTree(parts[1]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void statusHasEverythingThatScriptsRead() throws Exception {
        Answer answer = call("GET", "/v1/status");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("dataDirectory").asText()).isEqualTo(folder.toString());
        assertThat(answer.body().path("pid").asLong()).isEqualTo(ProcessHandle.current().pid());
        JsonNode expected = JSON.readTree("""
                {"name":"a","state":"LISTENING","reason":"","incarnation":7,"epoch":8,"pid":4711,"plan":"FastRestart",
                 "listen":["127.0.0.1:2049"],"urls":["nfs://127.0.0.1/vol0?nfsport=2049&mountport=2049"],
                 "mounts":["mount it"],"lastOutageMs":12.5,"restarts":6,
                 "space":{"totalBytes":1000,"usedBytes":400,"freeBytes":600,"reservedBytes":10},
                 "cache":{"frames":100,"framesUsed":50,"hits":9,"misses":1,"hitRatio":0.9,"refused":2,"verified":3},
                 "log":{"fillPercent":25,"flushedLagRecords":4,
                  "journalFlushes":{"count":4,"records":9,"totalMs":6.0,"lastMs":2.5}},
                 "journal":"ok","journalReason":"","journalFiles":["/j0","/j1"],
                 "disks":[
                  {"name":"disk0","file":"/d0","state":"present","reads":1,"writes":2,"flushes":3,"readBlocks":4,
                   "writtenBlocks":5,"completions":6,"errors":1},
                  {"name":"disk1","file":"/d1","state":"absent","reads":0,"writes":0,"flushes":0,"readBlocks":0,
                   "writtenBlocks":0,"completions":0,"errors":0}],
                 "degraded":true,"hugePagePercent":88,"confinement":"landlock","probes":{"guest":3,"host":3},
                 "counters":{"cacheHits":9},"nfs":{"READ":{"calls":12,"errors":3}}}
                """);
        assertThat(answer.body().path("controllers").path(0)).isEqualTo(expected);
        assertThat(call("GET", "/v1/controllers/a/status").body()).isEqualTo(expected);
    }

    @Test
    void aTimelineTellsHowEachPredecessorDiedAndKeepsReplayApartFromProbes() {
        JsonNode answer = call("GET", "/v1/controllers/a/timeline").body();
        assertThat(answer.path("controller").asText()).isEqualTo("a");
        JsonNode all = answer.path("incarnations");
        assertThat(all.findValuesAsText("death")).containsExactly("none", "killed", "asked", "crashed");
        JsonNode second = all.path(1);
        assertThat(second.path("stampsNs").toString()).isEqualTo("{\"detected\":6,\"listening\":9}");
        assertThat(second.path("probes").path("guest").path("RAID").asInt()).isEqualTo(2);
        assertThat(second.path("probes").path("host")).hasSize(6);
        assertThat(second.path("replayReads").asInt()).isEqualTo(51);
        assertThat(second.path("replayedRecords").asInt()).isEqualTo(3);
    }

    @Test
    void eventsAreGivenFromThePlaceThatWasAskedFor() {
        for (int i = 1; i <= 60; i++) {
            events.accept(Event.of(Clock.SYSTEM, "sample.event", "i", i, "text", "t" + i));
        }
        JsonNode latest = call("GET", "/v1/events").body().path("events");
        assertThat(latest).hasSize(50);
        assertThat(latest.path(49).path("fields").toString()).isEqualTo("{\"i\":60,\"text\":\"t60\"}");
        JsonNode after = call("GET", "/v1/events?after=58").body().path("events");
        assertThat(after.findValuesAsText("number")).containsExactly("59", "60");
        assertThat(call("GET", "/v1/events?last=1").body().path("events")).hasSize(1);
    }

    @Test
    void whatChangesSomethingReachesTheDomainWithItsArguments() {
        assertThat(call("POST", "/v1/controllers/a/kill").body().toString())
                .isEqualTo("{\"controller\":\"a\",\"incarnation\":7,\"killedAtNs\":123}");
        assertThat(call("POST", "/v1/controllers/a/restart?conventional=true&dropCache=false").body().toString())
                .isEqualTo("{\"controller\":\"a\",\"incarnation\":7,\"killedAtNs\":123,\"incarnationAfter\":8,"
                        + "\"outageMs\":4.5}");
        assertThat(call("POST", "/v1/controllers/a/consistency-point").status()).isEqualTo(200);
        assertThat(domain.asked).containsExactly("kill false", "restart true false", "consistency-point");
        assertThat(call("POST", "/v1/down").body().path("controllers").path(0).path("result").asText())
                .isEqualTo("stopped after a consistency point");
    }

    @Test
    void aRefusalIsAConflictThatSaysWhy() {
        domain.refuseWith("controller a is FAILED; ./hearth restart a tries again");
        Answer answer = call("POST", "/v1/controllers/a/kill");
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.error()).isEqualTo("controller a is FAILED; ./hearth restart a tries again");
        assertThat(answer.body().path("error").path("exit").asInt()).isEqualTo(1);
    }

    @Test
    void volumesAndExportsAreChangedByTheRulesOfTheFile() {
        call("POST", "/v1/controllers/a/volumes?name=new&size=10MiB");
        call("POST", "/v1/controllers/a/volumes/vol0/resize?size=none");
        call("POST", "/v1/controllers/a/volumes/vol0/delete?force=true");
        call("POST", "/v1/controllers/a/exports?path=/x&volume=vol0&clients=10.0.0.0/8,::1&access=ro");
        call("POST", "/v1/controllers/a/exports/set?path=/x&squash=all");
        call("POST", "/v1/controllers/a/exports/delete?path=/x");
        assertThat(domain.asked).containsExactly(
                "verb=CreateVolume request=R name=new size-bytes=10485760",
                "verb=ResizeVolume request=R name=vol0 size-bytes=0",
                "verb=DeleteVolume request=R name=vol0 force=true",
                "verb=CreateExport request=R path=/x volume=vol0 access=ro squash=root clients=10.0.0.0/8,::1",
                "verb=SetExport request=R path=/x squash=all",
                "verb=DeleteExport request=R path=/x");
    }

    @ParameterizedTest
    @CsvSource({"REFUSED,409,1", "NOT_FOUND,404,2", "INVALID,400,2"})
    void whatTheGuestSaysNoToIsToldAsItSaysIt(AdminRequest.Outcome outcome, int status, int exit) {
        domain.answerWith(outcome);
        Answer answer = call("POST", "/v1/controllers/a/volumes/vol0/delete");
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.error()).isEqualTo("controller a: it says no");
        assertThat(answer.body().path("error").path("exit").asInt()).isEqualTo(exit);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        GET  | /v1/controllers/b/status          | 404 | there is no controller 'b'; there are: a
        GET  | /v1/controllers/a/colour          | 404 | a controller has no call 'colour'
        GET  | /v1/nothing                       | 404 | there is no call /v1/nothing
        GET  | /                                 | 404 | there is nothing at /; calls start with /v1/
        POST | /v1/status                        | 405 | only GET is possible here
        GET  | /v1/controllers/a/kill            | 405 | only POST is possible here
        GET  | /v1/down                          | 405 | only POST is possible here
        POST | /v1/controllers/a/kill?force=true | 400 | argument 'force' is unknown; there are [conventional]
        GET  | /v1/status?all                    | 400 | argument 'all' is unknown; this call has none
        POST | /v1/controllers/a/kill?conventional=1 | 400 | argument conventional must be true or false
        GET  | /v1/events?after=x                | 400 | argument after must be a number from 0 to 9223372036854775807
        POST | /v1/controllers/a/exports         | 400 | argument path is missing
        POST | /v1/controllers/a/exports/set?path=/x&access=rx | 400 | argument access is 'rx'; allowed: ro, rw
        POST | /v1/controllers/a/exports/set?path=/x | 400 | nothing to set; there are clients, access and squash
        GET  | /v1/controllers/a/exports/set     | 405 | only POST is possible here
        GET  | /v1/events?last=10001             | 400 | argument last must be a number from 0 to 10000
        """)
    void aWrongCallIsToldWhatIsWrong(String method, String path, int status, String message) {
        Answer answer = call(method, path);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.error()).isEqualTo(message);
        assertThat(domain.asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        volumes?name=Vol                               | name is 'Vol'; it must be a lower-case letter and
        volumes?name=v&size=1KiB                       | size is '1KiB'; it must be from 1 MiB to 1024 TiB
        exports?path=/../x&volume=v&clients=::1        | path is '/../x'; it must be absolute and plain
        exports?path=/x&volume=v&clients=10.0.0.1/8    | clients has '10.0.0.1/8'; it has bits set after the first 8
        """)
    void argumentsAreHeldAgainstTheRulesOfTheFile(String call, String message) {
        Answer answer = call("POST", "/v1/controllers/a/" + call);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).startsWith("argument " + message);
        assertThat(domain.asked).isEmpty();
    }

    @Test
    void nobodyIsAnsweredWithoutTheToken() {
        String host = "127.0.0.1:" + port;
        String token = api.token();
        for (String shown : List.of("", "Bearer", "Bearer " + token.substring(1), "Bearer " + token + "0",
                "Basic " + token, token)) {
            Answer answer = call("POST", "/v1/controllers/a/kill", host, shown);
            assertThat(answer.status()).as(shown).isEqualTo(401);
            assertThat(answer.error()).contains("run/token").doesNotContain(token);
        }
        Answer none = raw("GET /v1/status HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
        assertThat(none.status()).isEqualTo(401);
        assertThat(domain.asked).isEmpty();
    }

    @Test
    void aWebPageThatMeansAnotherHostIsTurnedAway() {
        for (String host : List.of("example.org", "example.org:" + port, "127.0.0.1", "127.0.0.1:" + (port + 1))) {
            Answer answer = call("POST", "/v1/controllers/a/kill", host, "Bearer " + api.token());
            assertThat(answer.status()).as(host).isEqualTo(403);
        }
        assertThat(domain.asked).isEmpty();
        assertThat(call("GET", "/v1/status", "localhost:" + port, "Bearer " + api.token()).status()).isEqualTo(200);
    }

    @Test
    void itListensOnLoopbackOnlyAndAPortThatIsTakenIsNamed() {
        assertThat(api.url()).startsWith("http://127.0.0.1:");
        assertThatThrownBy(() -> HostApi.start(new FakeHost(folder, domain, events), port))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("127.0.0.1 port " + port + " (api-port)");
    }

    @Test
    void everyApiHasItsOwnToken() throws Exception {
        try (HostApi other = HostApi.start(new FakeHost(folder, domain, events), 0)) {
            assertThat(other.token()).hasSize(64).isNotEqualTo(api.token());
            assertThat(Map.of("same", call("GET", "/v1/status", "127.0.0.1:" + port, "Bearer " + other.token())
                            .status()))
                    .containsEntry("same", 401);
        }
    }
}
