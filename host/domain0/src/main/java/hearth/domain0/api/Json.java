package hearth.domain0.api;

import java.util.List;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import hearth.base.Event;
import hearth.domain0.domain.DomainStatus;
import hearth.domain0.domain.Timeline;
import hearth.domain0.event.EventLog;
import hearth.domain0.journal.Flusher;
import hearth.memory.channel.VolumeReport;

/// The shapes of answers. Keys are only ever added: the command line, the tests and other people's scripts read them.
final class Json {
    static final ObjectMapper MAPPER = new ObjectMapper();

    private static final List<String> SECTIONS =
            List.of("DEVICES", "RAID", "VOLUMES", "CONTAINERS", "NETWORK", "CLUSTER", "REPLAY");
    // Probes are requests that find something out; what replay reads is counted apart.
    private static final int PROBE_SECTIONS = 6;

    private static final double NS_PER_MS = 1e6;

    private static final String ASKED_FOR = "(asked for)";

    private Json() {}

    static ObjectNode host(ControlledHost host) {
        ObjectNode answer = MAPPER.createObjectNode();
        answer.put("dataDirectory", host.dataDirectory().toString());
        answer.put("pid", ProcessHandle.current().pid());
        ArrayNode controllers = answer.putArray("controllers");
        host.domains().forEach(domain -> controllers.add(controller(domain)));
        return answer;
    }

    static ObjectNode controller(ControlledDomain domain) {
        DomainStatus status = domain.status();
        ObjectNode answer = MAPPER.createObjectNode();
        answer.put("name", status.name());
        answer.put("state", status.state().name());
        answer.put("reason", status.reason());
        answer.put("incarnation", status.incarnation());
        answer.put("epoch", status.epoch());
        answer.put("pid", status.pid());
        answer.put("plan", status.plan());
        strings(answer.putArray("listen"), status.listen());
        strings(answer.putArray("urls"), status.urls());
        strings(answer.putArray("mounts"), status.mounts());
        answer.put("lastOutageMs", status.lastOutageMs());
        answer.put("restarts", status.restarts());
        ObjectNode space = answer.putObject("space");
        space.put("totalBytes", status.space().totalBytes());
        space.put("usedBytes", status.space().usedBytes());
        space.put("freeBytes", status.space().freeBytes());
        space.put("reservedBytes", status.space().reservedBytes());
        memory(answer, status);
        disks(answer, status);
        answer.put("hugePagePercent", status.hugePagePercent());
        answer.put("confinement", status.confinement());
        ObjectNode probes = answer.putObject("probes");
        probes.put("guest", sum(status.probesByGuest()));
        probes.put("host", sum(status.probesByHost()));
        ObjectNode counters = answer.putObject("counters");
        status.counters().forEach(counters::put);
        ObjectNode nfs = answer.putObject("nfs");
        for (DomainStatus.Procedure procedure : status.procedures()) {
            nfs.putObject(procedure.name()).put("calls", procedure.calls()).put("errors", procedure.errors());
        }
        return answer;
    }

    static ObjectNode volumes(ControlledDomain domain, List<VolumeReport> reports) {
        ObjectNode answer = MAPPER.createObjectNode();
        answer.put("controller", domain.name());
        ArrayNode volumes = answer.putArray("volumes");
        for (VolumeReport report : reports) {
            ObjectNode one = volumes.addObject();
            one.put("name", report.name());
            one.put("sizeBytes", report.sizeBytes());
            one.put("usedBytes", report.usedBytes());
            one.put("files", report.files());
            one.put("state", report.state());
            ArrayNode exports = one.putArray("exports");
            report.export().ifPresent(export -> exports.add(export.path()));
        }
        return answer;
    }

    static ObjectNode exports(ControlledDomain domain, List<VolumeReport> reports) {
        ObjectNode answer = MAPPER.createObjectNode();
        answer.put("controller", domain.name());
        ArrayNode exports = answer.putArray("exports");
        for (VolumeReport report : reports) {
            report.export().ifPresent(export -> {
                ObjectNode one = exports.addObject();
                one.put("path", export.path());
                one.put("volume", export.volume());
                one.put("access", export.readOnly() ? "ro" : "rw");
                one.put("squash", export.squash());
                strings(one.putArray("clients"), export.clients());
            });
        }
        return answer;
    }

    static ObjectNode disks(ControlledDomain domain) {
        DomainStatus status = domain.status();
        ObjectNode answer = MAPPER.createObjectNode();
        answer.put("controller", domain.name());
        ArrayNode disks = answer.putArray("disks");
        for (DomainStatus.DiskState disk : status.disks()) {
            ObjectNode one = disks.addObject();
            one.put("name", disk.name());
            one.put("file", disk.file());
            one.put("sizeBytes", disk.sizeBytes());
            one.put("usedAs", disk.usedAs());
            one.put("state", disk.state());
            one.put("labelGeneration", disk.labelGeneration());
            one.put("reads", disk.io().reads());
            one.put("writes", disk.io().writes());
            one.put("flushes", disk.io().flushes());
            one.put("errors", disk.io().errors());
        }
        return answer;
    }

    private static void memory(ObjectNode answer, DomainStatus status) {
        ObjectNode cache = answer.putObject("cache");
        cache.put("frames", status.cache().frames());
        cache.put("framesUsed", status.cache().framesUsed());
        cache.put("hits", status.cache().hits());
        cache.put("misses", status.cache().misses());
        cache.put("hitRatio", status.cache().hitRatio());
        cache.put("refused", status.cache().refused());
        cache.put("verified", status.cache().verified());
        ObjectNode log = answer.putObject("log");
        long half = status.log().halfBytes();
        log.put("fillPercent", half == 0 ? 0 : 100 * status.log().usedBytes() / half);
        log.put("flushedLagRecords", status.log().flushLagRecords());
        Flusher.Flushes flushes = status.journal().flushes();
        ObjectNode flush = log.putObject("journalFlushes");
        flush.put("count", flushes.count());
        flush.put("records", flushes.records());
        flush.put("totalMs", flushes.totalNs() / NS_PER_MS);
        flush.put("lastMs", flushes.lastNs() / NS_PER_MS);
        answer.put("journal", status.journal().state());
        answer.put("journalReason", status.journal().why());
        strings(answer.putArray("journalFiles"), status.journal().files());
    }

    private static void disks(ObjectNode answer, DomainStatus status) {
        boolean degraded = false;
        ArrayNode disks = answer.putArray("disks");
        for (DomainStatus.DiskState disk : status.disks()) {
            ObjectNode one = disks.addObject();
            one.put("name", disk.name());
            one.put("file", disk.file());
            one.put("state", disk.state());
            one.put("reads", disk.io().reads());
            one.put("writes", disk.io().writes());
            one.put("flushes", disk.io().flushes());
            one.put("readBlocks", disk.io().readBlocks());
            one.put("writtenBlocks", disk.io().writtenBlocks());
            one.put("completions", disk.io().completions());
            one.put("errors", disk.io().errors());
            degraded |= disk.degraded();
        }
        answer.put("degraded", degraded);
    }

    static ObjectNode timeline(ControlledDomain domain) {
        ObjectNode answer = MAPPER.createObjectNode();
        answer.put("controller", domain.name());
        ArrayNode incarnations = answer.putArray("incarnations");
        for (Timeline timeline : domain.timelines()) {
            ObjectNode one = incarnations.addObject();
            one.put("incarnation", timeline.incarnation());
            one.put("death", death(timeline.reason()));
            one.put("deathReason", timeline.reason());
            one.put("plan", timeline.plan());
            one.put("planReason", timeline.planReason());
            ObjectNode stamps = one.putObject("stampsNs");
            for (String stage : Timeline.STAGES) {
                Long stamp = timeline.stampsNs().get(stage);
                if (stamp != null) {
                    stamps.put(stage, stamp);
                }
            }
            ObjectNode probes = one.putObject("probes");
            sections(probes.putObject("guest"), timeline.probesByGuest());
            sections(probes.putObject("host"), timeline.probesByHost());
            one.put("replayReads", at(timeline.probesByHost(), PROBE_SECTIONS));
            one.put("replayedRecords", timeline.replayedRecords());
            one.put("replayedBytes", timeline.replayedBytes());
            one.put("framesRefused", timeline.framesRefused());
            one.put("end", timeline.end());
        }
        return answer;
    }

    /// How the incarnation before ended, in one word.
    private static String death(String reason) {
        if (reason.endsWith(ASKED_FOR)) {
            return "asked";
        }
        if (reason.startsWith("signal ")) {
            return "killed";
        }
        return reason.equals("host start") ? "none" : "crashed";
    }

    private static void sections(ObjectNode node, List<Long> counts) {
        for (int i = 0; i < PROBE_SECTIONS; i++) {
            node.put(SECTIONS.get(i), at(counts, i));
        }
    }

    private static long at(List<Long> counts, int index) {
        return index < counts.size() ? counts.get(index) : 0;
    }

    private static long sum(List<Long> counts) {
        return counts.stream().limit(PROBE_SECTIONS).mapToLong(Long::longValue).sum();
    }

    static ObjectNode events(List<EventLog.Numbered> events) {
        ObjectNode answer = MAPPER.createObjectNode();
        ArrayNode list = answer.putArray("events");
        for (EventLog.Numbered numbered : events) {
            Event event = numbered.event();
            ObjectNode one = list.addObject();
            one.put("number", numbered.number());
            one.put("wallNs", event.wallNs());
            one.put("name", event.name());
            ObjectNode fields = one.putObject("fields");
            event.fields().forEach((key, value) -> {
                if (value instanceof Number number) {
                    fields.putPOJO(key, number);
                } else {
                    fields.put(key, String.valueOf(value));
                }
            });
        }
        return answer;
    }

    static ObjectNode killed(ControlledDomain domain, ControlledDomain.Killed killed) {
        ObjectNode answer = MAPPER.createObjectNode();
        answer.put("controller", domain.name());
        answer.put("incarnation", killed.incarnation());
        answer.put("killedAtNs", killed.killedAtNs());
        return answer;
    }

    static ObjectNode restarted(ControlledDomain domain, ControlledDomain.Restarted restarted) {
        ObjectNode answer = MAPPER.createObjectNode();
        answer.put("controller", domain.name());
        answer.put("incarnation", restarted.before());
        answer.put("killedAtNs", restarted.stoppedAtNs());
        answer.put("incarnationAfter", restarted.after());
        answer.put("outageMs", restarted.outageMs());
        return answer;
    }

    static ObjectNode stopped(List<ControlledHost.Stopped> domains) {
        ObjectNode answer = MAPPER.createObjectNode();
        ArrayNode controllers = answer.putArray("controllers");
        for (ControlledHost.Stopped one : domains) {
            controllers.addObject().put("name", one.name()).put("inOrder", one.inOrder()).put("result", one.result());
        }
        return answer;
    }

    static ObjectNode error(ApiError error) {
        ObjectNode answer = MAPPER.createObjectNode();
        answer.putObject("error").put("message", error.getMessage()).put("exit", error.exit());
        return answer;
    }

    private static void strings(ArrayNode array, List<String> values) {
        values.forEach(array::add);
    }
}
