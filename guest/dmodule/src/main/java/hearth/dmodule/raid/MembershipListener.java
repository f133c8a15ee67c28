package hearth.dmodule.raid;

/// Told of every change of a group's members, in the thread that makes it; nothing is acknowledged in between.
public interface MembershipListener {
    /// For groups whose state nobody saves.
    MembershipListener NONE = new MembershipListener() {
        @Override
        public void changing() {}

        @Override
        public void changed(RaidState state) {}
    };

    /// Before labels are written: mark the RAID section, so that a death in between makes the checkpoint stale.
    void changing();

    /// The labels are durable: save the section.
    void changed(RaidState state);
}
