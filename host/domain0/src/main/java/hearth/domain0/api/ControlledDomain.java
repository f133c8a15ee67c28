package hearth.domain0.api;

import java.util.List;

import hearth.domain0.domain.Domain;
import hearth.domain0.domain.DomainStatus;
import hearth.domain0.domain.Timeline;
import hearth.memory.channel.AdminRequest;

/// One domain as the host's interface needs it. Any thread may call.
public interface ControlledDomain {
    String name();

    DomainStatus status();

    /// Oldest first.
    List<Timeline> timelines();

    /// SIGKILL; returns at once.
    Killed kill(boolean conventional) throws RefusedException;

    /// Stops the guest at a consistency point and starts the next incarnation; returns when that one listens.
    Restarted restart(boolean conventional, boolean dropCache) throws RefusedException, InterruptedException;

    /// Returns when all that was acknowledged before the call is on the disks.
    void takeConsistencyPoint() throws RefusedException, InterruptedException;

    /// Has the guest change volumes or exports, or list them, and waits, also for a successor. What cannot be done is
    /// an answer like another.
    Domain.Administered administer(AdminRequest request) throws RefusedException, InterruptedException;

    /// @param incarnation that was killed
    /// @param killedAtNs of the monotonic clock
    record Killed(long incarnation, long killedAtNs) {}

    /// @param before incarnation that was stopped
    /// @param after incarnation that listens
    /// @param stoppedAtNs when the first stopped serving, of the monotonic clock
    /// @param outageMs from there to listening again
    record Restarted(long before, long after, long stoppedAtNs, double outageMs) {}
}
