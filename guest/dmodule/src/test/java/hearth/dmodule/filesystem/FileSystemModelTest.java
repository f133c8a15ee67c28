package hearth.dmodule.filesystem;

import java.io.IOException;
import java.util.Optional;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import hearth.dmodule.filesystem.format.FsInfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Goal: whatever happens and whenever the guest or the host dies, the state is that of the acknowledged operations,
/// and what is on disk is consistent. Method: random operations beside an oracle, consistency points with operations
/// in their middle, deaths at chosen stores; the checker after every consistency point. The seed is the parameter.
class FileSystemModelTest {
    @ParameterizedTest(name = "seed {0}, {1} blocks, {2} volumes")
    @CsvSource({"1, 60000, 1", "2, 60000, 2", "3, 200000, 5", "4, 20000, 1", "5, 1500000, 2"})
    void randomOperationsGiveWhatTheOracleSays(long seed, long blocks, int volumes) throws IOException {
        var model = new FsModel(blocks, seed, volumes);
        for (int round = 0; round < 30; round++) {
            operations(model, 60);
            if (model.random.nextBoolean()) {
                // Operations in the middle of a consistency point: the frozen set is read and copied.
                model.disks.onWrite(() -> operations(model, 2));
            }
            model.step();
            model.disks.quiet();
            model.disks.evict();
            switch (model.random.nextInt(4)) {
                case 0 -> model.restart(model.random.nextBoolean());
                case 1 -> model.hostRestart(model.fs().generation());
                default -> model.step();
            }
            model.compare();
        }
        assertThat(model.misses).as("the test meets cold blocks").isPositive();
        assertThat(model.files()).isGreaterThan(20);
    }

    private static void operations(FsModel model, int count) {
        for (int i = 0; i < count; i++) {
            model.randomOperation();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {11, 12})
    void aDeathAtAnyStoreOfAConsistencyPointLeavesTheRootBeforeOrAfter(long seed) throws IOException {
        long stores = storesOfOneStep(seed);
        assertThat(stores).isGreaterThan(30);
        long secondDeaths = 0;
        for (long k = 0; k < stores; k++) {
            FsModel model = prepared(seed);
            long before = model.fs().generation();
            model.disks.dieAfter(k);
            assertThatThrownBy(model.fs()::step).isInstanceOf(RamDisks.Died.class);
            // The host too, with the other seed the other way round.
            if ((k + seed) % 2 == 0) {
                model.hostRestart(before);
            } else {
                model.restart(k % 4 < 2);
            }
            assertThat(model.fs().generation()).isBetween(before, before + 1);
            model.check();
            model.compare();
            // The successor writes over what the dead one began, and the host dies in the middle of that.
            operations(model, 10);
            before = model.fs().generation();
            model.disks.dieAfter(model.random.nextLong(stores));
            secondDeaths += model.stepUntilDeath() ? 1 : 0;
            model.hostRestart(before);
            model.check();
            model.compare();
            model.step();
            model.compare();
        }
        // Where the dead one's root counted, its successor has less to write, and can be done before its death.
        assertThat(secondDeaths).isGreaterThan(stores * 3 / 4);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {21})
    void theRootBeforeTheNewestIsWholeUntilTheNextOneIsDurable(long seed) throws IOException {
        FsModel model = new FsModel(3000, seed, 1);
        for (int round = 0; round < 60; round++) {
            operations(model, 20);
            model.step();
            Optional<FsInfo> older = model.disks.rootOnDisk(model.fs().generation() - 1);
            model.check(older.orElseThrow());
            // Also while the next one is being written: its blocks go to places that neither root reaches.
            FsInfo newest = FsModel.decode(model.disks.committed().orElseThrow());
            long total = model.disks.stores;
            operations(model, 20);
            model.disks.onWrite(() -> {
                if (model.disks.stores - total < 40) {
                    checkQuietly(model, newest);
                }
            });
            model.step();
            model.disks.quiet();
            model.check(newest);
        }
    }

    private static void checkQuietly(FsModel model, FsInfo info) {
        try {
            model.check(info);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static FsModel prepared(long seed) throws IOException {
        var model = new FsModel(1600, seed, 4);
        for (int i = 0; i < 3; i++) {
            operations(model, 25);
            model.step();
        }
        operations(model, 25);
        return model;
    }

    private static long storesOfOneStep(long seed) throws IOException {
        FsModel model = prepared(seed);
        long before = model.disks.stores;
        model.step();
        return model.disks.stores - before;
    }
}
