package hearth.domain0;

import java.util.List;

import hearth.base.posix.PosixException;
import hearth.domain0.api.ControlledDomain;
import hearth.domain0.api.RefusedException;
import hearth.domain0.config.ControllerConfig;
import hearth.domain0.domain.Domain;
import hearth.domain0.domain.DomainStatus;
import hearth.domain0.domain.NextBoot;
import hearth.domain0.domain.StopResult;
import hearth.domain0.domain.Timeline;
import hearth.memory.channel.AdminRequest;

/// A domain as the host's interface sees it: what waits waits here, what cannot be done says why.
final class LiveDomain implements ControlledDomain {
    // A consistency point may take as long as the disks are slow, and a conventional boot reads labels.
    private static final long RESTART_MS_MAX = 150_000;
    private static final long CONSISTENCY_POINT_MS_MAX = 120_000;
    // Includes the start of a successor, and its consistency points.
    private static final long ADMINISTRATION_MS_MAX = 150_000;
    private static final double NS_PER_MS = 1e6;

    private final ControllerConfig config;
    private final Domain domain;

    LiveDomain(ControllerConfig config, Domain domain) {
        this.config = config;
        this.domain = domain;
    }

    @Override
    public String name() {
        return config.name();
    }

    Domain domain() {
        return domain;
    }

    @Override
    public DomainStatus status() {
        return domain.status();
    }

    @Override
    public List<Timeline> timelines() {
        return domain.timelines();
    }

    @Override
    public Killed kill(boolean conventional) throws RefusedException {
        requireGuest("kill");
        try {
            return domain.kill(new NextBoot(conventional, false))
                    .map(killed -> new Killed(killed.incarnation(), killed.killedNs()))
                    .orElseThrow(() -> noGuest("kill", domain.status()));
        } catch (PosixException e) {
            throw new RefusedException("controller " + name() + " could not be killed: " + e.getMessage());
        }
    }

    @Override
    public Restarted restart(boolean conventional, boolean dropCache) throws RefusedException, InterruptedException {
        DomainStatus before = domain.status();
        if (before.state() == DomainStatus.State.STOPPED) {
            throw noGuest("restart", before);
        }
        try {
            domain.restart(new NextBoot(conventional, dropCache));
        } catch (PosixException e) {
            throw new RefusedException("controller " + name() + " could not be restarted: " + e.getMessage());
        }
        if (!domain.awaitSuccessor(before.incarnation(), RESTART_MS_MAX)) {
            DomainStatus now = domain.status();
            throw new RefusedException("controller " + name() + " does not serve again: it is " + now.state()
                    + (now.reason().isEmpty() ? "" : ", " + now.reason()) + "; ./hearth events tells more");
        }
        return restarted(before.incarnation(), domain.timelines().getLast());
    }

    private static Restarted restarted(long before, Timeline after) {
        long listeningNs = after.stampsNs().getOrDefault("listening", 0L);
        long stoppedNs = after.stampsNs().getOrDefault("killed", after.stampsNs().getOrDefault("detected", 0L));
        return new Restarted(
                before,
                after.incarnation(),
                stoppedNs,
                stoppedNs == 0 ? -1 : (listeningNs - stoppedNs) / NS_PER_MS);
    }

    @Override
    public void takeConsistencyPoint() throws RefusedException, InterruptedException {
        requireGuest("take a consistency point of");
        try {
            StopResult done = domain.consistencyPoint(CONSISTENCY_POINT_MS_MAX);
            if (!done.inOrder()) {
                throw new RefusedException("controller " + name() + " took no consistency point: " + done.text());
            }
        } catch (PosixException e) {
            throw new RefusedException("controller " + name() + " took no consistency point: " + e.getMessage());
        }
    }

    @Override
    public Domain.Administered administer(AdminRequest request) throws RefusedException, InterruptedException {
        DomainStatus status = domain.status();
        if (status.state() == DomainStatus.State.FAILED || status.state() == DomainStatus.State.STOPPED) {
            throw noGuest("administer", status);
        }
        try {
            return domain.administer(request, ADMINISTRATION_MS_MAX);
        } catch (PosixException e) {
            throw new RefusedException("controller " + name() + " cannot be asked: " + e.getMessage());
        }
    }

    private void requireGuest(String what) throws RefusedException {
        DomainStatus status = domain.status();
        if (status.pid() == 0) {
            throw noGuest(what, status);
        }
    }

    private RefusedException noGuest(String what, DomainStatus status) {
        String remedy = switch (status.state()) {
            case FAILED -> "; ./hearth restart " + name() + " tries again";
            case STOPPED -> "; the host is going down";
            case STARTING, LISTENING, RESTARTING -> "; try again in a moment";
        };
        return new RefusedException("there is nothing to " + what + ": controller " + name() + " is "
                + status.state() + (status.reason().isEmpty() ? "" : " (" + status.reason() + ")") + remedy);
    }
}
