package hearth.system.wiring;

import hearth.dmodule.raid.RaidState;
import hearth.memory.region.Counter;
import hearth.memory.region.HeartbeatPage;

/// What domain 0 is shown of the disks' group: before a guest listens, so that nobody sees a degraded group as whole,
/// and with all counters from then on.
public final class RaidCounters {
    private RaidCounters() {}

    public static void publish(HeartbeatPage page, RaidState raid) {
        page.setCounter(Counter.RAID_MEMBERS, raid.members().size());
        page.setCounter(Counter.RAID_MEMBERS_IN_SYNC, raid.inSync().size());
    }
}
