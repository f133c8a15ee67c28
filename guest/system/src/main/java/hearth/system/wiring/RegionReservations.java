package hearth.system.wiring;

import hearth.dmodule.filesystem.core.SpaceAccounting;
import hearth.memory.log.LogArea;
import hearth.memory.region.ReservationWords;

/// Promised space in the region, by log half: what is charged now belongs to the half that is filled, what a
/// consistency point is writing to the other one. Called under the file system's exclusive lock.
public final class RegionReservations implements SpaceAccounting.Words {
    private final ReservationWords words;
    private final LogArea log;
    private final long[] generations = {-1, -1};

    public RegionReservations(ReservationWords words, LogArea log) {
        this.words = words;
        this.log = log;
    }

    @Override
    public void store(long currentBlocks, long frozenBlocks) {
        int active = log.activeHalf();
        store(active, currentBlocks);
        store(1 - active, frozenBlocks);
    }

    private void store(int half, long blocks) {
        long generation = log.halfGeneration(half);
        if (generations[half] != generation) {
            words.begin(half, generation);
            generations[half] = generation;
        }
        words.setBlocks(half, blocks);
    }
}
