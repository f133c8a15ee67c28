package hearth.domain0.domain;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a domain's thread shows to other threads, and what these ask of it. All under its own lock.
final class LifeBoard {
    private static final long NS_PER_MS = 1_000_000L;
    private static final int TIMELINES_MAX = 1000;

    private final ArrayDeque<Incarnation> past = new ArrayDeque<>();
    private Optional<Incarnation> current = Optional.empty();
    private DomainStatus.State state = DomainStatus.State.STARTING;
    private String stateReason = "";
    private long lastOutageNs = -1;
    private long restarts;
    private boolean ended;
    private boolean stoppedInOrder;

    private NextBoot nextBoot = NextBoot.FREE;
    private boolean stopWanted;
    private boolean retryWanted;
    private long restartAskedNs;

    // ---- shown

    synchronized Optional<Incarnation> current() {
        return current;
    }

    synchronized List<Timeline> timelines() {
        List<Timeline> timelines = new ArrayList<>();
        past.forEach(incarnation -> timelines.add(incarnation.timeline()));
        current.ifPresent(incarnation -> timelines.add(incarnation.timeline()));
        return timelines;
    }

    synchronized DomainStatus.State state() {
        return state;
    }

    synchronized String stateReason() {
        return stateReason;
    }

    /// From the last death to listening again, -1 for none yet.
    synchronized long lastOutageNs() {
        return lastOutageNs;
    }

    synchronized long restarts() {
        return restarts;
    }

    /// Whether the thread has done its last step.
    synchronized boolean isEnded() {
        return ended;
    }

    /// Whether the last guest said that it stopped as it was asked to.
    synchronized boolean isStoppedInOrder() {
        return stoppedInOrder;
    }

    /// Waits until an incarnation after `number` listens, or the domain has failed or stopped; true when one listens.
    synchronized boolean awaitSuccessor(long number, long timeoutMs) throws InterruptedException {
        long deadlineNs = System.nanoTime() + timeoutMs * NS_PER_MS;
        while (state != DomainStatus.State.LISTENING || current.isEmpty() || current.get().number() <= number) {
            long leftMs = (deadlineNs - System.nanoTime()) / NS_PER_MS;
            if (ended || state == DomainStatus.State.FAILED && !retryWanted || leftMs <= 0) {
                return false;
            }
            wait(leftMs);
        }
        return true;
    }

    synchronized void awaitEnd(long timeoutMs) throws InterruptedException {
        if (!ended && timeoutMs > 0) {
            wait(timeoutMs);
        }
    }

    // ---- asked for

    /// The guest that a kill is for, if one runs.
    synchronized Optional<Incarnation> askKill(NextBoot next) {
        nextBoot = next;
        askRetry();
        return current;
    }

    /// Whether a guest runs that is to be restarted.
    synchronized boolean askRestart(NextBoot next, long nowNs) {
        nextBoot = next;
        askRetry();
        restartAskedNs = current.isPresent() ? nowNs : 0;
        return current.isPresent();
    }

    private void askRetry() {
        retryWanted = state == DomainStatus.State.FAILED;
        notifyAll();
    }

    synchronized void askStop() {
        stopWanted = true;
        notifyAll();
    }

    // ---- for the domain's thread

    synchronized boolean isStopWanted() {
        return stopWanted;
    }

    /// When a restart was asked for, 0 for not at all.
    synchronized long restartAskedNs() {
        return restartAskedNs;
    }

    synchronized void restartIsUnderWay() {
        restartAskedNs = 0;
    }

    synchronized NextBoot takeNextBoot() {
        NextBoot wanted = nextBoot;
        nextBoot = NextBoot.FREE;
        return wanted;
    }

    synchronized void enter(DomainStatus.State next, String reason) {
        state = next;
        stateReason = reason;
        notifyAll();
    }

    synchronized void began(Incarnation incarnation) {
        current = Optional.of(incarnation);
    }

    synchronized void listens(long outageNs) {
        lastOutageNs = outageNs < 0 ? lastOutageNs : outageNs;
        enter(DomainStatus.State.LISTENING, "");
    }

    synchronized void stopped() {
        stoppedInOrder = true;
    }

    synchronized void retired(Incarnation incarnation, DomainStatus.State next) {
        current = Optional.empty();
        restartAskedNs = 0;
        past.addLast(incarnation);
        if (past.size() > TIMELINES_MAX) {
            past.removeFirst();
        }
        restarts += next == DomainStatus.State.RESTARTING ? 1 : 0;
        enter(next, "");
    }

    /// FAILED until somebody tries again; false when the domain is to stop instead.
    synchronized boolean awaitRetry(String why) {
        enter(DomainStatus.State.FAILED, why);
        while (!retryWanted && !stopWanted) {
            try {
                wait();
            } catch (InterruptedException e) {
                return false;
            }
        }
        retryWanted = false;
        if (!stopWanted) {
            enter(DomainStatus.State.RESTARTING, "");
        }
        return !stopWanted;
    }

    synchronized void ended() {
        ended = true;
        enter(state == DomainStatus.State.FAILED ? state : DomainStatus.State.STOPPED, stateReason);
    }
}
