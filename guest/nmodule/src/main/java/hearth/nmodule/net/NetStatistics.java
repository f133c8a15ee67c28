package hearth.nmodule.net;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/// Counters of the network side, for the heartbeat page and for `status`. Written by reactor and calls, read by anyone
/// without locks; a reader sees each counter as it was at some moment, not all at one.
public final class NetStatistics {
    /// Numbers of the counted procedures: NFS version 3's from 0, MOUNT's behind them.
    public static final int MOUNT_PROCEDURE_FIRST = 22;

    public static final int PROCEDURES = MOUNT_PROCEDURE_FIRST + 6;

    private final AtomicLongArray calls = new AtomicLongArray(PROCEDURES);
    private final AtomicLongArray errors = new AtomicLongArray(PROCEDURES);
    private final LongAdder rpcErrors = new LongAdder();
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong connectionsTotal = new AtomicLong();
    private final AtomicLong connectionsRefused = new AtomicLong();
    private final AtomicLong connectionsEvicted = new AtomicLong();
    private final AtomicLong pauses = new AtomicLong();
    private final AtomicLongArray startsNs;

    /// `inFlightMax` is the number of calls that can run at once.
    public NetStatistics(int inFlightMax) {
        startsNs = new AtomicLongArray(inFlightMax);
    }

    /// One call of a counted procedure.
    public void called(int procedure) {
        calls.incrementAndGet(procedure);
    }

    /// A call answered with a status that is not OK.
    public void failed(int procedure) {
        errors.incrementAndGet(procedure);
    }

    /// A call refused below the protocol: malformed, unknown program, version or procedure, bad credentials.
    public void refusedCall() {
        rpcErrors.increment();
    }

    /// A repeat of a call that still runs: no answer is sent.
    public void droppedCall() {
        dropped.increment();
    }

    void received(long bytes) {
        bytesIn.add(bytes);
    }

    void sent(long bytes) {
        bytesOut.add(bytes);
    }

    void opened() {
        connections.incrementAndGet();
        connectionsTotal.incrementAndGet();
    }

    void closed() {
        connections.decrementAndGet();
    }

    void refusedConnection() {
        connectionsRefused.incrementAndGet();
    }

    void evicted() {
        connectionsEvicted.incrementAndGet();
    }

    void paused() {
        pauses.incrementAndGet();
    }

    /// Notes when a call started and returns the slot to give to `ended`. Reactor's thread only, which has made sure
    /// that one is free.
    int started(int hint, long nowNs) {
        int slot = hint;
        while (startsNs.get(slot) != 0) {
            slot = slot + 1 == startsNs.length() ? 0 : slot + 1;
        }
        startsNs.set(slot, nowNs == 0 ? 1 : nowNs);
        return slot;
    }

    void ended(int slot) {
        startsNs.set(slot, 0);
    }

    /// Calls of a procedure since the guest started.
    public long calls(int procedure) {
        return calls.get(procedure);
    }

    /// Those of them that failed.
    public long errors(int procedure) {
        return errors.get(procedure);
    }

    public long callsTotal() {
        return sum(calls);
    }

    public long errorsTotal() {
        return sum(errors);
    }

    public long rpcErrors() {
        return rpcErrors.sum();
    }

    public long droppedCalls() {
        return dropped.sum();
    }

    public long bytesIn() {
        return bytesIn.sum();
    }

    public long bytesOut() {
        return bytesOut.sum();
    }

    /// Open connections.
    public long connections() {
        return connections.get();
    }

    public long connectionsTotal() {
        return connectionsTotal.get();
    }

    public long connectionsRefused() {
        return connectionsRefused.get();
    }

    /// Connections closed because they held memory without progress while others waited for it, or were silent longest
    /// when there were too many.
    public long connectionsEvicted() {
        return connectionsEvicted.get();
    }

    /// How often a connection was not read from because a bound was reached.
    public long pauses() {
        return pauses.get();
    }

    /// Calls that run or wait now.
    public int inFlight() {
        int count = 0;
        for (int i = 0; i < startsNs.length(); i++) {
            count += startsNs.get(i) != 0 ? 1 : 0;
        }
        return count;
    }

    /// When the oldest running call started, on the monotonic clock; 0 when none runs.
    public long oldestStartNs() {
        long oldest = 0;
        for (int i = 0; i < startsNs.length(); i++) {
            long start = startsNs.get(i);
            if (start != 0 && (oldest == 0 || start - oldest < 0)) {
                oldest = start;
            }
        }
        return oldest;
    }

    private static long sum(AtomicLongArray counters) {
        long sum = 0;
        for (int i = 0; i < counters.length(); i++) {
            sum += counters.get(i);
        }
        return sum;
    }
}
