package hearth.domain0.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import hearth.base.Units;
import hearth.domain0.domain.DomainStatus;

/// The numbers of `status` in Prometheus' text format, version 0.0.4. Units are base units; what only grows ends in
/// `_total`. What a guest counts begins again at 0 with each incarnation, as Prometheus expects of a process.
final class Metrics {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final String COUNTER = "counter";
    private static final String GAUGE = "gauge";
    private static final double NS_PER_SECOND = 1e9;
    private static final double MS_PER_SECOND = 1e3;

    private final Map<String, Family> families = new LinkedHashMap<>();

    /// One metric with all its samples.
    private record Family(String help, String type, List<String> samples) {}

    private Metrics() {}

    static String of(ControlledHost host) {
        var metrics = new Metrics();
        for (ControlledDomain domain : host.domains()) {
            metrics.add(domain.status());
        }
        return metrics.text();
    }

    private void add(DomainStatus status) {
        String labels = label("controller", status.name());
        gauge("hearth_up", "1 while the controller serves, else 0", labels,
                status.state() == DomainStatus.State.LISTENING ? 1 : 0);
        counter("hearth_restarts_total", "incarnations that followed another since the host started", labels,
                status.restarts());
        gauge("hearth_incarnation", "number of the running incarnation", labels, status.incarnation());
        gauge("hearth_last_outage_seconds", "from the last death to serving again, -1 before the first", labels,
                status.lastOutageMs() < 0 ? -1 : status.lastOutageMs() / MS_PER_SECOND);
        gauge("hearth_space_total_bytes", "size of the aggregate", labels, status.space().totalBytes());
        gauge("hearth_space_used_bytes", "used of it", labels, status.space().usedBytes());
        gauge("hearth_space_free_bytes", "free of it", labels, status.space().freeBytes());
        gauge("hearth_space_reserved_bytes", "promised to what is not on the disks yet", labels,
                status.space().reservedBytes());
        cache(labels, status);
        log(labels, status);
        protocol(labels, status);
        status.disks().forEach(disk -> disk(labels + "," + label("disk", disk.name()), disk));
    }

    private void cache(String labels, DomainStatus status) {
        gauge("hearth_cache_frames", "frames of the buffer cache", labels, status.cache().frames());
        gauge("hearth_cache_frames_used", "frames that hold a block", labels, status.cache().framesUsed());
        counter("hearth_cache_hits_total", "blocks found in the buffer cache", labels, status.cache().hits());
        counter("hearth_cache_misses_total", "blocks not found there", labels, status.cache().misses());
        counter("hearth_cache_refused_total", "frames that did not hold what was demanded", labels,
                status.cache().refused());
        counter("hearth_cache_verified_total", "frames checked at their first hit of an incarnation", labels,
                status.cache().verified());
        counter("hearth_cache_fills_total", "frames filled", labels, of(status, "cacheFills"));
    }

    private void log(String labels, DomainStatus status) {
        gauge("hearth_log_half_bytes", "size of a half of the log", labels, status.log().halfBytes());
        gauge("hearth_log_half_used_bytes", "used of the active half", labels, status.log().usedBytes());
        gauge("hearth_log_unflushed_records", "records that are not durable yet", labels,
                status.log().flushLagRecords());
        counter("hearth_log_appended_bytes_total", "bytes of records appended", labels,
                of(status, "logAppendedBytes"));
        counter("hearth_log_records_total", "number of the last record of the log", labels,
                status.log().committedLsn());
        counter("hearth_log_replayed_records_total", "records replayed at the last boot", labels,
                of(status, "replayedRecords"));
        var flushes = status.journal().flushes();
        counter("hearth_journal_flushes_total", "flushes of the journal", labels, flushes.count());
        counter("hearth_journal_flush_seconds_total", "time that they took", labels,
                flushes.totalNs() / NS_PER_SECOND);
        counter("hearth_journal_records_total", "records that they made durable", labels, flushes.records());
        gauge("hearth_journal_degraded", "1 while not every file of the journal takes writes in time", labels,
                status.journal().state().equals("ok") ? 0 : 1);
        counter("hearth_consistency_points_total", "generation of the last consistency point", labels,
                of(status, "consistencyPoints"));
        gauge("hearth_consistency_point_last_seconds", "time that the last one took", labels,
                of(status, "consistencyPointLastNs") / NS_PER_SECOND);
        gauge("hearth_consistency_point_last_written_bytes", "bytes that it wrote", labels,
                of(status, "consistencyPointWrittenBlocks") * Units.BLOCK_SIZE);
    }

    private void protocol(String labels, DomainStatus status) {
        for (DomainStatus.Procedure procedure : status.procedures()) {
            String one = labels + "," + label("procedure", procedure.name());
            counter("hearth_nfs_calls_total", "calls answered", one, procedure.calls());
        }
        for (DomainStatus.Procedure procedure : status.procedures()) {
            String one = labels + "," + label("procedure", procedure.name());
            counter("hearth_nfs_errors_total", "calls answered with an error", one, procedure.errors());
        }
        counter("hearth_nfs_received_bytes_total", "bytes from clients", labels, of(status, "bytesIn"));
        counter("hearth_nfs_sent_bytes_total", "bytes to clients", labels, of(status, "bytesOut"));
        counter("hearth_nfs_duplicate_hits_total", "repeated calls that got their first answer", labels,
                of(status, "duplicateHits"));
        counter("hearth_nfs_dropped_calls_total", "repeats of calls that still ran", labels,
                of(status, "callsDropped"));
        counter("hearth_nfs_refused_calls_total", "calls refused below the protocol", labels,
                of(status, "callsRefused"));
        gauge("hearth_nfs_running_calls", "calls that run", labels, of(status, "requestsRunning"));
        gauge("hearth_nfs_connections", "open connections", labels, of(status, "connections"));
        counter("hearth_nfs_connections_total", "connections served", labels, of(status, "connectionsAccepted"));
        counter("hearth_nfs_connections_refused_total", "connections refused", labels,
                of(status, "connectionsRefused"));
        counter("hearth_nfs_connections_evicted_total", "connections closed for others' sake", labels,
                of(status, "connectionsEvicted"));
        gauge("hearth_guest_heap_bytes", "heap that the guest uses", labels, of(status, "heapUsedBytes"));
    }

    private void disk(String labels, DomainStatus.DiskState disk) {
        gauge("hearth_disk_present", "1 while the disk is a full member of its mirror", labels,
                disk.state().equals("present") ? 1 : 0);
        gauge("hearth_disk_size_bytes", "size of the disk", labels, disk.sizeBytes());
        counter("hearth_disk_reads_total", "read requests taken from the ring", labels, disk.io().reads());
        counter("hearth_disk_writes_total", "write requests", labels, disk.io().writes());
        counter("hearth_disk_flushes_total", "flush requests", labels, disk.io().flushes());
        counter("hearth_disk_completions_total", "requests that have ended", labels, disk.io().completions());
        counter("hearth_disk_errors_total", "those that ended with an error", labels, disk.io().errors());
        counter("hearth_disk_read_bytes_total", "bytes asked for", labels,
                disk.io().readBlocks() * Units.BLOCK_SIZE);
        counter("hearth_disk_written_bytes_total", "bytes written", labels,
                disk.io().writtenBlocks() * Units.BLOCK_SIZE);
    }

    private static long of(DomainStatus status, String counter) {
        return status.counters().getOrDefault(counter, 0L);
    }

    private void counter(String name, String help, String labels, double value) {
        sample(name, help, COUNTER, labels, value);
    }

    private void gauge(String name, String help, String labels, double value) {
        sample(name, help, GAUGE, labels, value);
    }

    private void sample(String name, String help, String type, String labels, double value) {
        String number = value == Math.rint(value) && Math.abs(value) < 1L << 53
                ? Long.toString((long) value)
                : Double.toString(value);
        families.computeIfAbsent(name, _ -> new Family(help, type, new ArrayList<>()))
                .samples()
                .add(name + "{" + labels + "} " + number);
    }

    /// A value is a name that the configuration's rules let through: nothing in it needs an escape.
    private static String label(String name, String value) {
        return name + "=\"" + value + "\"";
    }

    private String text() {
        var text = new StringBuilder();
        families.forEach((name, family) -> {
            text.append("# HELP ").append(name).append(' ').append(family.help()).append('\n');
            text.append("# TYPE ").append(name).append(' ').append(family.type()).append('\n');
            family.samples().forEach(sample -> text.append(sample).append('\n'));
        });
        return text.toString();
    }
}
