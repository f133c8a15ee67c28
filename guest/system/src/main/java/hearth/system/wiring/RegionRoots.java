package hearth.system.wiring;

import java.util.Optional;

import hearth.dmodule.filesystem.consistency.RootStore;
import hearth.memory.region.RootRecord;

/// The file system's roots in the region.
public final class RegionRoots implements RootStore {
    private final RootRecord record;

    public RegionRoots(RootRecord record) {
        this.record = record;
    }

    @Override
    public void intend(byte[] fsinfo, long generation) {
        record.intend(fsinfo, generation);
    }

    @Override
    public Optional<byte[]> intent() {
        return record.intent().map(RootRecord.Root::bytes);
    }

    @Override
    public void clearIntent() {
        record.clearIntent();
    }

    @Override
    public void commit(byte[] fsinfo, long generation) {
        record.commit(fsinfo, generation);
    }

    @Override
    public Optional<byte[]> committed() {
        return record.committed().map(RootRecord.Root::bytes);
    }
}
