package hearth.domain0.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import hearth.domain0.domain.Domain;
import hearth.domain0.domain.DomainStatus;
import hearth.domain0.domain.Timeline;
import hearth.domain0.journal.Flusher;
import hearth.memory.channel.AdminRequest;
import hearth.memory.channel.BootConfig.InitialExport;
import hearth.memory.channel.VolumeReport;

/// A domain without a guest: says what a test wants it to say and remembers what it was asked for.
final class FakeDomain implements ControlledDomain {
    final List<String> asked = new ArrayList<>();
    private final String name;
    private String refusal = "";
    private AdminRequest.Outcome answer = AdminRequest.Outcome.DONE;

    FakeDomain(String name) {
        this.name = name;
    }

    void refuseWith(String message) {
        refusal = message;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public DomainStatus status() {
        return new DomainStatus(
                name,
                DomainStatus.State.LISTENING,
                "",
                7,
                8,
                4711,
                "FastRestart",
                List.of("127.0.0.1:2049"),
                List.of("nfs://127.0.0.1/vol0?nfsport=2049&mountport=2049"),
                List.of("mount it"),
                12.5,
                6,
                new DomainStatus.Space(1000, 400, 600, 10),
                new DomainStatus.Cache(100, 50, 9, 1, 0.9, 2, 3),
                new DomainStatus.Log(16, 64, 9, 3, 4),
                new DomainStatus.Journal(
                        "ok", "", 5, List.of("/j0", "/j1"), 2, new Flusher.Flushes(4, 6_000_000, 2_500_000, 9)),
                List.of(
                        new DomainStatus.DiskState(
                                "disk0", "/d0", "present", true, new DomainStatus.DiskIo(1, 2, 3, 4, 5, 6, 1),
                                1 << 20, "half 0 of the mirror", 7),
                        new DomainStatus.DiskState(
                                "disk1", "/d1", "absent", true, new DomainStatus.DiskIo(0, 0, 0, 0, 0, 0, 0),
                                1 << 20, "half 1 of the mirror", 0)),
                88,
                "landlock",
                List.of(1L, 2L, 0L, 0L, 0L, 0L, 50L),
                List.of(1L, 2L, 0L, 0L, 0L, 0L, 50L),
                Map.of("cacheHits", 9L),
                List.of(new DomainStatus.Procedure("READ", 12, 3)));
    }

    @Override
    public List<Timeline> timelines() {
        return List.of(
                timeline(1, "host start", Map.of("spawned", 5L)),
                timeline(2, "signal 9", Map.of("detected", 6L, "listening", 9L)),
                timeline(3, "signal 9 (asked for)", Map.of("killed", 4L)),
                timeline(4, "exit 70", Map.of()));
    }

    private static Timeline timeline(long incarnation, String reason, Map<String, Long> stamps) {
        return new Timeline(incarnation, reason, "FastRestart", "NONE", stamps, List.of(1L, 2L, 0L, 0L, 0L, 0L, 50L),
                List.of(1L, 2L, 0L, 0L, 0L, 0L, 51L), 3, 4, 5, "");
    }

    @Override
    public Killed kill(boolean conventional) throws RefusedException {
        ask("kill " + conventional);
        return new Killed(7, 123);
    }

    @Override
    public Restarted restart(boolean conventional, boolean dropCache) throws RefusedException {
        ask("restart " + conventional + " " + dropCache);
        return new Restarted(7, 8, 123, 4.5);
    }

    @Override
    public void takeConsistencyPoint() throws RefusedException {
        ask("consistency-point");
    }

    @Override
    public Domain.Administered administer(AdminRequest request) throws RefusedException {
        String lines = String.join(" ", request.lines()).replaceAll("request=[0-9a-f]+", "request=R");
        ask(lines);
        if (!(request instanceof AdminRequest.ListVolumes) && answer != AdminRequest.Outcome.DONE) {
            return new Domain.Administered(answer, "it says no", List.of());
        }
        var export = new InitialExport("/vol0", "vol0", false, "root", List.of("10.0.0.0/8", "::1"));
        return new Domain.Administered(AdminRequest.Outcome.DONE, "", List.of(
                new VolumeReport("vol0", 1 << 30, 4096, 5, VolumeReport.ONLINE, Optional.of(export)),
                new VolumeReport("old", 0, 8192, -1, VolumeReport.DELETING, Optional.empty())));
    }

    void answerWith(AdminRequest.Outcome outcome) {
        answer = outcome;
    }

    private void ask(String what) throws RefusedException {
        if (!refusal.isEmpty()) {
            throw new RefusedException(refusal);
        }
        asked.add(what);
    }
}
