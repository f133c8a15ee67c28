package hearth.dmodule.filesystem;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import hearth.cf.Export;
import hearth.dmodule.filesystem.VolumeAdministration.Listed;
import hearth.dmodule.filesystem.VolumeAdministration.Result;
import hearth.dmodule.filesystem.format.VolumeConfig;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: an administrator's change that was answered is there, once, whenever the guest or the host dies, and one that
/// was asked for again after a death is not made twice.
/// Method: the guest dies at every store of every kind of change in turn; then the change is asked for again. The
/// checker looks at each root.
class VolumeAdministrationTest {
    private static final VolumeConfig NEW = VolumeConfig.notExported("new", 100);

    /// Consistency points on a thread of its own that may die.
    private static Thread points(FileSystem fs) {
        return Thread.ofPlatform().start(() -> {
            try {
                fs.run();
            } catch (IOException | RamDisks.Died e) {
                // The guest's end.
            }
        });
    }

    private interface Change {
        Result make(VolumeAdministration volumes, Runnable mark);
    }

    private static Result made(FileSystem fs, Change change) throws InterruptedException {
        return madeAndMarked(fs, change, new AtomicInteger()).orElseThrow(() -> new AssertionError("died"));
    }

    /// Empty when the guest died on it.
    private static Optional<Result> madeAndMarked(FileSystem fs, Change change, AtomicInteger marks)
            throws InterruptedException {
        Thread points = points(fs);
        try {
            return Optional.of(change.make(fs.volumes(), marks::incrementAndGet));
        } catch (AssertionError e) {
            throw e;
        } catch (Error died) {
            // Who waits for a consistency point of a guest that died is told so by a Check.
            return Optional.empty();
        } finally {
            fs.stop();
            points.join();
        }
    }

    private static List<String> names(FileSystem fs) {
        return fs.volumes().list().stream().filter(one -> !one.deleting()).map(one -> one.config().name()).toList();
    }

    private static Listed listed(FileSystem fs, String name) {
        return fs.volumes().list().stream().filter(one -> one.config().name().equals(name)).findFirst().orElseThrow();
    }

    /// A model with two volumes, `vol0` and `vol1`, both exported and with files; `vol1` may be written to.
    private static FsModel model() throws IOException {
        var model = new FsModel(6_000, 3, 2);
        long ino = model.newFile();
        model.write(1, ino, 0, 60);
        model.write(1, ino, 100_000, 5);
        model.step();
        return model;
    }

    private static void dieAtEveryStore(Change change, String existsBefore, String existsAfter) throws Exception {
        int deaths = 0;
        for (long stores = 0; ; stores++) {
            FsModel model = model();
            model.disks.dieAfter(stores);
            var marks = new AtomicInteger();
            Optional<Result> first = madeAndMarked(model.fs(), change, marks);
            assertThat(marks).as("marked before the change").hasValue(1);
            deaths += first.isEmpty() ? 1 : 0;
            boolean hostDies = stores % 2 == 1;
            long generation = model.fs().generation();
            if (hostDies) {
                model.hostRestart(generation);
            } else {
                model.restart(stores % 4 == 2);
            }
            model.check();
            if (first.isPresent()) {
                assertThat(first).contains(new Result.Done());
                assertThat(String.join(" ", names(model.fs()))).isEqualTo(existsAfter);
            } else {
                assertThat(String.join(" ", names(model.fs()))).isIn(existsBefore, existsAfter);
            }
            // Asked again, as domain 0 does, and once more: the answer may have been lost.
            assertThat(made(model.fs(), change)).isEqualTo(new Result.Done());
            model.restart(false);
            assertThat(made(model.fs(), change)).isEqualTo(new Result.Done());
            assertThat(String.join(" ", names(model.fs()))).isEqualTo(existsAfter);
            model.check();
            model.hostRestart(model.fs().generation());
            assertThat(String.join(" ", names(model.fs()))).isEqualTo(existsAfter);
            model.check();
            if (first.isPresent()) {
                break;
            }
        }
        assertThat(deaths).as("deaths on the way").isGreaterThan(6);
    }

    @Test
    void aVolumeIsMadeOnceWhereverTheGuestDies() throws Exception {
        dieAtEveryStore((volumes, mark) -> volumes.create(77, NEW, mark), "vol0 vol1", "vol0 vol1 new");
    }

    @Test
    void aVolumeIsDeletedOnceWhereverTheGuestDies() throws Exception {
        dieAtEveryStore((volumes, mark) -> volumes.delete(78, "vol0", true, mark), "vol0 vol1", "vol1");
    }

    @Test
    void anExportIsChangedOnceWhereverTheGuestDies() throws Exception {
        Change change = (volumes, mark) -> volumes.setExport(79, "/vol0", Optional.of(true),
                Optional.of(Export.Squash.ALL), List.of("10.1.0.0/16"), mark);
        dieAtEveryStore(change, "vol0 vol1", "vol0 vol1");
        FsModel model = model();
        assertThat(made(model.fs(), change)).isEqualTo(new Result.Done());
        model.hostRestart(model.fs().generation());
        VolumeConfig config = listed(model.fs(), "vol0").config();
        assertThat(config.readOnly()).isTrue();
        assertThat(config.squash()).isEqualTo(Export.Squash.ALL);
        assertThat(config.clients()).containsExactly("10.1.0.0/16");
    }

    @Test
    void whatCannotBeIsRefusedAndMarksNothing() throws Exception {
        FsModel model = model();
        FileSystem fs = model.fs();
        var marks = new AtomicInteger();
        record Case(Change change, Class<? extends Result> kind, String why) {}
        for (Case one : List.of(
                new Case((v, m) -> v.create(1, VolumeConfig.notExported("vol1", 0), m), Result.Refused.class, "exists"),
                new Case((v, m) -> v.resize(2, "vol0", 10, m), Result.Refused.class, "bytes, which is more than the"),
                new Case((v, m) -> v.resize(3, "none", 10, m), Result.NotFound.class, "there are: vol0, vol1"),
                new Case((v, m) -> v.delete(4, "vol0", false, m), Result.Refused.class, "exported as /vol0"),
                new Case((v, m) -> v.delete(5, "none", true, m), Result.NotFound.class, "no volume 'none'"),
                new Case((v, m) -> v.createExport(6, "/x", "vol0", false, Export.Squash.ALL, List.of("::1"), m),
                        Result.Refused.class, "one export"),
                new Case((v, m) -> v.setExport(7, "/x", Optional.of(true), Optional.empty(), List.of(), m),
                        Result.NotFound.class, "there are: /vol0, /vol1"),
                new Case((v, m) -> v.deleteExport(8, "/x", m), Result.NotFound.class, "no export /x"))) {
            Optional<Result> result = madeAndMarked(fs, one.change(), marks);
            assertThat(result.orElseThrow()).isInstanceOf(one.kind());
            assertThat(result.toString()).contains(one.why());
            model.restart(false);
            fs = model.fs();
        }
        assertThat(marks).hasValue(0);
        assertThat(made(fs, (v, m) -> v.deleteExport(9, "/vol0", m))).isEqualTo(new Result.Done());
        model.restart(false);
        assertThat(made(model.fs(), (v, m) -> v.delete(10, "vol0", false, m)).toString())
                .contains("not empty: it has 1 ");
    }

    /// More volumes than fsinfo has room for, slots used again, and numbers never.
    @Test
    void slotsAreUsedAgainAndTheTableForgetsWhoIsGone() throws Exception {
        FsModel model = model();
        long number = 100;
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 6; i++) {
                String name = "n" + i;
                long change = number++;
                assertThat(made(model.fs(), (v, m) -> v.create(change, VolumeConfig.notExported(name, 0), m)))
                        .isEqualTo(new Result.Done());
                model.hostRestart(model.fs().generation());
            }
            assertThat(names(model.fs())).containsExactly("vol0", "vol1", "n0", "n1", "n2", "n3", "n4", "n5");
            for (int i = 0; i < 6; i++) {
                String name = "n" + i;
                long change = number++;
                assertThat(made(model.fs(), (v, m) -> v.delete(change, name, false, m)))
                        .isEqualTo(new Result.Done());
                model.hostRestart(model.fs().generation());
            }
            model.fs().step();
            model.check();
            assertThat(model.fs().volumes().list()).hasSize(2);
        }
        var info = FsModel.decode(model.disks.committed().orElseThrow());
        assertThat(info.volumeSlots()).isEqualTo(8);
        assertThat(info.nextVolumeId()).isEqualTo(3 + 18);
        model.compare();
    }

    @Test
    void aDeletedVolumeWithABlockThatCannotBeReadHoldsNobodyUp() throws Exception {
        FsModel model = model();
        long free = model.fs().state().space().freeBlocks();
        model.damageIndirect(1);
        model.restart(true);
        assertThat(made(model.fs(), (v, m) -> v.delete(5, "vol0", true, m))).isEqualTo(new Result.Done());
        model.restart(true);
        model.fs().step();
        assertThat(listed(model.fs(), "vol0").stuckBecause()).contains("checksum");
        assertThat(made(model.fs(), (v, m) -> v.create(6, NEW, m))).isEqualTo(new Result.Done());
        assertThat(model.fs().state().space().freeBlocks()).isLessThanOrEqualTo(free);
    }

    /// The test of the test: whoever waits for a dead guest's consistency point is told so.
    @Test
    void nobodyIsAnsweredByADeadGuest() throws Exception {
        FsModel model = model();
        model.disks.dieAfter(0);
        var marks = new AtomicInteger();
        CompletableFuture<Optional<Result>> answer = CompletableFuture.completedFuture(
                madeAndMarked(model.fs(), (v, m) -> v.create(1, NEW, m), marks));
        assertThat(answer.join()).isEmpty();
    }
}
