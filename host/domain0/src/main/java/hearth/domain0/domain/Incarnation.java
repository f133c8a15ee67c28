package hearth.domain0.domain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import hearth.base.posix.PosixException;
import hearth.hypervisor.Guest;
import hearth.memory.channel.Channel;
import hearth.memory.region.BootStage;
import hearth.memory.region.Counter;
import hearth.memory.region.HeartbeatPage;
import hearth.memory.ring.IoSection;

/// One start of a domain and what became known of it. The domain's thread writes; any thread may read `timeline` and
/// ask for a kill.
final class Incarnation {
    /// Sections that probes are counted by: the checkpoint's six and replay.
    static final int PROBE_SECTIONS = IoSection.REPLAY.ordinal() + 1;

    private final long number;
    private final Guest guest;
    private final Channel channel;
    private final String reason;
    private final Map<String, Long> stampsNs = new LinkedHashMap<>();
    private final AtomicLong killAskedNs = new AtomicLong();
    private final AtomicLong killedNs = new AtomicLong();
    private List<Long> probesByGuest = zeros();
    private List<Long> probesByHost = zeros();
    private volatile boolean listening;
    private volatile long endedNs;
    private String plan = "";
    private String planReason = "";
    private String end = "";
    private long replayedRecords;
    private long replayedBytes;
    private long framesRefused;

    Incarnation(long number, Guest guest, Channel channel, String reason, Map<String, Long> stampsBefore) {
        this.number = number;
        this.guest = guest;
        this.channel = channel;
        this.reason = reason;
        stampsNs.putAll(stampsBefore);
        stampsNs.put("spawned", guest.spawnedNs());
    }

    private static List<Long> zeros() {
        return new ArrayList<>(Collections.nCopies(PROBE_SECTIONS, 0L));
    }

    long number() {
        return number;
    }

    Guest guest() {
        return guest;
    }

    Channel channel() {
        return channel;
    }

    /// The administrator wants it dead. Any thread.
    void killAsked(long nowNs) throws PosixException {
        killAskedNs.compareAndSet(0, nowNs);
        kill(nowNs);
    }

    /// Domain 0 wants it dead.
    void kill(long nowNs) throws PosixException {
        killedNs.compareAndSet(0, nowNs);
        guest.kill();
    }

    boolean isKillAsked() {
        return killAskedNs.get() != 0;
    }

    /// When the first SIGKILL was sent, 0 for never.
    long killedNs() {
        return killedNs.get();
    }

    /// Its end was noticed.
    void hasEnded(long nowNs) {
        endedNs = nowNs;
    }

    /// When its end was noticed, 0 while it runs.
    long endedNs() {
        return endedNs;
    }

    boolean isListening() {
        return listening;
    }

    synchronized void stamp(String stage, long ns) {
        stampsNs.putIfAbsent(stage, ns);
    }

    synchronized long stampOf(String stage) {
        return stampsNs.getOrDefault(stage, 0L);
    }

    synchronized void listens(String chosenPlan, String why, long nowNs) {
        plan = chosenPlan;
        planReason = why;
        stampsNs.putIfAbsent("listening", nowNs);
        listening = true;
    }

    /// Takes over what the guest's page says, as far as this incarnation wrote it.
    synchronized void read(HeartbeatPage page, List<Long> countedByHost) {
        if (page.incarnation() != number) {
            return;
        }
        for (BootStage stage : BootStage.values()) {
            long ns = page.stage(stage);
            if (ns != 0) {
                stampsNs.put(nameOf(stage), stage == BootStage.SPAWNED ? guest.spawnedNs() : ns);
            }
        }
        for (int section = 0; section < PROBE_SECTIONS; section++) {
            probesByGuest.set(section, page.probes(section));
        }
        probesByHost = List.copyOf(countedByHost);
        replayedRecords = page.counter(Counter.REPLAYED_RECORDS);
        replayedBytes = page.counter(Counter.REPLAYED_BYTES);
        framesRefused = page.counter(Counter.CACHE_REFUSED);
    }

    private static String nameOf(BootStage stage) {
        return switch (stage) {
            case SPAWNED -> "spawned";
            case ATTACHED -> "attached";
            case PLANNED -> "planned";
            case DEVICES -> "devices";
            case RAID -> "raid";
            case VOLUMES -> "volumes";
            case CONTAINERS -> "containers";
            case NETWORK -> "network";
            case REPLAYED -> "replayed";
            case LISTENING -> "listening";
            case FIRST_REPLY -> "firstReply";
        };
    }

    synchronized void ended(String how) {
        end = how;
        listening = false;
    }

    synchronized String plan() {
        return plan;
    }

    synchronized Timeline timeline() {
        return new Timeline(number, reason, plan, planReason, stampsNs, probesByGuest, probesByHost, replayedRecords,
                replayedBytes, framesRefused, end);
    }
}
