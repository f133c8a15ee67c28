package hearth.dmodule.filesystem.operation;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import hearth.base.Units;
import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfRequest.Create.How;
import hearth.cf.CfStatus;
import hearth.cf.FileHandle;
import hearth.cf.Name;
import hearth.cf.SetAttributes;
import hearth.cf.Stability;
import hearth.dmodule.filesystem.VolumeAdministration.Listed;
import hearth.dmodule.filesystem.VolumeAdministration.Result;
import hearth.dmodule.filesystem.format.VolumeConfig;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: a volume never holds more than its limit, says so before it acknowledges, and is not in its own way there:
/// what overwrites and removes goes on. A deleted volume's blocks come back step by step, whoever dies meanwhile.
/// Method: real calls on a disk in memory, the checker after each consistency point.
class VolumeLimitTest {
    private static final int LIMIT_BLOCKS = 512;
    private static final int FILE_BYTES = 100_000;
    private static final Runnable NO_MARK = () -> {};

    private TestMachine machine;
    private long changes = 1;

    @BeforeEach
    void makeMachine() throws IOException {
        machine = new TestMachine(16_384, 4_096, 8 << 20);
        machine.runPoints();
        done(machine.fs.volumes().create(changes++, VolumeConfig.notExported("small", LIMIT_BLOCKS), NO_MARK));
    }

    @AfterEach
    void close() throws InterruptedException {
        machine.close();
    }

    private static void done(Result result) {
        assertThat(result).isEqualTo(new Result.Done());
    }

    /// The root of the third volume, which is `small`.
    private static FileHandle small() {
        return new FileHandle(TestMachine.AGGREGATE_ID, 3, 64, 1);
    }

    private Listed listed(String name) {
        return machine.fs.volumes().list().stream().filter(one -> one.config().name().equals(name)).findFirst()
                .orElseThrow();
    }

    private FileHandle create(FileHandle directory, String name) {
        var request = new CfRequest.Create(directory, Name.of(name), How.GUARDED, SetAttributes.NOTHING, 0);
        return machine.call(request) instanceof CfReply.Created made ? made.file() : directory;
    }

    private CfStatus write(FileHandle file, long offset, int bytes) {
        byte[] content = new byte[bytes];
        Arrays.fill(content, (byte) 7);
        return machine.write(machine.root(), new CfRequest.Write(file, offset, bytes, Stability.UNSTABLE), content)
                .status();
    }

    private CfReply.Statistics statistics() {
        return (CfReply.Statistics) machine.call(new CfRequest.FileSystemStatistics(small()));
    }

    /// Fills `small` with files of `FILE_BYTES`; how many fit.
    private int fill(String prefix) {
        for (int i = 0; ; i++) {
            FileHandle file = create(small(), prefix + i);
            if (file.equals(small())) {
                return i;
            }
            CfStatus status = write(file, 0, FILE_BYTES);
            if (status == CfStatus.NO_SPACE) {
                assertThat(machine.call(new CfRequest.Remove(small(), Name.of(prefix + i))).status())
                        .isEqualTo(CfStatus.OK);
                return i;
            }
            assertThat(status).isEqualTo(CfStatus.OK);
        }
    }

    @Test
    void aVolumeAtItsLimitRefusesGrowthAndNothingElse() throws Exception {
        int files = fill("a");
        // 25 blocks each, and a few for inodes and names.
        assertThat(files).isBetween(LIMIT_BLOCKS / 25 - 2, LIMIT_BLOCKS / 25);
        assertThat(listed("small").inodes() - 1).isEqualTo(files);
        var lookup = (CfReply.Found) machine.call(new CfRequest.Lookup(small(), Name.of("a0")));
        for (int i = 0; i < 40; i++) {
            assertThat(write(lookup.file(), 0, FILE_BYTES)).as("overwriting is no growth").isEqualTo(CfStatus.OK);
        }
        assertThat(write(lookup.file(), 10L << 20, FILE_BYTES)).isEqualTo(CfStatus.NO_SPACE);
        var other = create(machine.rootHandle(), "other");
        assertThat(write(other, 0, 1 << 20)).as("another volume is not full").isEqualTo(CfStatus.OK);
        assertThat(statistics().totalBytes()).isEqualTo((long) LIMIT_BLOCKS * Units.BLOCK_SIZE);
        assertThat(statistics().availableBytes()).isLessThan(FILE_BYTES);

        machine.fs.awaitConsistencyPoint("test");
        assertThat(listed("small").usedBlocks()).isLessThanOrEqualTo(LIMIT_BLOCKS);
        for (int i = 0; i < files; i++) {
            assertThat(machine.call(new CfRequest.Remove(small(), Name.of("a" + i))).status()).isEqualTo(CfStatus.OK);
        }
        assertThat(fill("b")).as("room comes back").isEqualTo(files);
        machine.stopPoints();
        machine.check();
    }

    @Test
    void aLimitIsMovedButNotBelowWhatIsUsed() throws Exception {
        int files = fill("a");
        Result tooSmall = machine.fs.volumes().resize(changes++, "small", LIMIT_BLOCKS / 2, NO_MARK);
        assertThat(tooSmall).isInstanceOfSatisfying(Result.Refused.class, refused ->
                assertThat(refused.why()).contains("uses " + listed("small").usedBlocks() * Units.BLOCK_SIZE,
                        "than the " + LIMIT_BLOCKS / 2 * Units.BLOCK_SIZE));
        done(machine.fs.volumes().resize(changes++, "small", 2 * LIMIT_BLOCKS, NO_MARK));
        assertThat(fill("b")).isBetween(files - 1, files + 1);
        done(machine.fs.volumes().resize(changes++, "small", 0, NO_MARK));
        assertThat(write(create(small(), "c"), 0, 1 << 20)).isEqualTo(CfStatus.OK);
        machine.stopPoints();
        machine.die();
        machine.boot();
        assertThat(listed("small").config().limitBlocks()).isZero();
        machine.check();
    }

    @Test
    void aLargeVolumeIsFreedInBoundedStepsThroughDeaths() throws Exception {
        done(machine.fs.volumes().resize(changes++, "small", 0, NO_MARK));
        machine.fs.awaitConsistencyPoint("test");
        long freeBefore = machine.fs.state().space().freeBlocks();
        FileHandle large = create(small(), "large");
        for (int i = 0; i < 40; i++) {
            assertThat(write(large, (long) i << 20, 1 << 20)).isEqualTo(CfStatus.OK);
        }
        for (int i = 0; i < 60; i++) {
            assertThat(write(create(small(), "f" + i), 0, 5_000)).isEqualTo(CfStatus.OK);
        }
        machine.fs.awaitConsistencyPoint("test");
        machine.stopPoints();
        machine.die();
        machine.boot();

        // Not by the thread of consistency points, which would go on by itself.
        stepping(() -> machine.fs.volumes().delete(changes++, "small", true, NO_MARK));
        assertThat(machine.call(new CfRequest.GetAttributes(large)).status()).isEqualTo(CfStatus.STALE);
        assertThat(write(large, 0, 100)).isEqualTo(CfStatus.STALE);
        long before = Long.MAX_VALUE;
        int steps = 0;
        while (machine.fs.volumes().list().stream().anyMatch(Listed::deleting)) {
            long used = listed("small").usedBlocks();
            assertThat(before).isGreaterThan(used);
            assertThat(before == Long.MAX_VALUE ? 0 : before - used).isLessThanOrEqualTo(8_300);
            before = used;
            machine.check();
            if (steps++ % 2 == 0) {
                machine.die();
                machine.boot();
            }
            machine.point();
            assertThat(steps).isLessThan(20);
        }
        assertThat(steps).as("a large volume takes several").isBetween(1, 5);
        machine.point();
        machine.point();
        machine.check();
        // Two map blocks, more or less: what the aggregate's own files use now.
        assertThat(machine.fs.state().space().freeBlocks()).isBetween(freeBefore - 8, freeBefore + 16);
    }

    /// Makes consistency points on this thread until the change is answered: as few as it takes, for each frees some.
    private void stepping(Supplier<Result> change) throws Exception {
        var answer = CompletableFuture.supplyAsync(change);
        while (!answer.isDone()) {
            machine.point();
            try {
                answer.get(1, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                // It was asked for behind that point: one more.
            }
        }
        done(answer.join());
    }
}
