package hearth.domain0.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import hearth.domain0.disk.DiskFiles.Use;

/// The power of all volatile disks of this process, for tests only. It may fail when a chosen flush is asked for: then
/// each disk keeps of its cache what chance gives it, and the process is gone at once, and its guests with it.
public final class PowerSupply {
    private static final int EXIT_LIKE_KILLED = 137;

    private final Optional<Use> use;
    private final long flush;
    private final List<VolatileDisk> disks = new ArrayList<>();

    private PowerSupply(Optional<Use> use, long flush) {
        this.use = use;
        this.flush = flush;
    }

    static PowerSupply steady() {
        return new PowerSupply(Optional.empty(), 0);
    }

    /// Fails when a file of this use is asked for its flush of this number, from 0, and before that flush does
    /// anything.
    static PowerSupply failingAt(Use use, long flush) {
        return new PowerSupply(Optional.of(use), flush);
    }

    /// What a file of this use has to look out for.
    Socket of(Use of) {
        return new Socket(this, use.filter(of::equals).isPresent() ? OptionalLong.of(flush) : OptionalLong.empty());
    }

    synchronized void feeds(VolatileDisk disk) {
        disks.add(disk);
    }

    private synchronized void fail() {
        disks.forEach(VolatileDisk::losePower);
        Runtime.getRuntime().halt(EXIT_LIKE_KILLED);
    }

    /// One file's connection to it.
    record Socket(PowerSupply supply, OptionalLong failsAt) {
        /// Called by any thread without a disk's lock: a failure takes all of them.
        void aboutToFlush(long number) {
            if (failsAt.isPresent() && failsAt.getAsLong() == number) {
                supply.fail();
            }
        }
    }
}
