package hearth.dmodule.filesystem.operation;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import hearth.base.Units;
import hearth.cf.Attributes;
import hearth.cf.Caller;
import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfRequest.Create.How;
import hearth.cf.CfStatus;
import hearth.cf.FileHandle;
import hearth.cf.FileType;
import hearth.cf.Name;
import hearth.cf.SetAttributes;
import hearth.cf.SetAttributes.SetTime;
import hearth.cf.Stability;

import static org.assertj.core.api.Assertions.assertThat;

/// Single calls and what RFC 1813 and Unix say about them, on a real file system over a disk in memory.
class OperationsTest {
    private TestMachine machine;
    private FileHandle root;

    @BeforeEach
    void start() throws IOException {
        machine = new TestMachine(8_192, 4_096, 8 << 20);
        root = machine.rootHandle();
        allow(root, 0_777);
    }

    @AfterEach
    void stop() throws InterruptedException {
        machine.close();
    }

    private static SetAttributes mode(int mode) {
        return new SetAttributes(
                OptionalInt.of(mode), OptionalInt.empty(), OptionalInt.empty(), OptionalLong.empty(),
                Optional.empty(), Optional.empty());
    }

    private static SetAttributes owner(int uid, int gid) {
        return new SetAttributes(
                OptionalInt.empty(), uid < 0 ? OptionalInt.empty() : OptionalInt.of(uid),
                gid < 0 ? OptionalInt.empty() : OptionalInt.of(gid), OptionalLong.empty(), Optional.empty(),
                Optional.empty());
    }

    private static SetAttributes size(long bytes) {
        return new SetAttributes(
                OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalLong.of(bytes),
                Optional.empty(), Optional.empty());
    }

    private static SetAttributes modifyTime(SetTime time) {
        return new SetAttributes(
                OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), OptionalLong.empty(),
                Optional.empty(), Optional.of(time));
    }

    private CfReply change(Caller caller, FileHandle file, SetAttributes change) {
        return machine.call(caller, new CfRequest.Change(file, change, OptionalLong.empty()));
    }

    private void allow(FileHandle file, int mode) {
        assertThat(change(machine.root(), file, mode(mode)).status()).isEqualTo(CfStatus.OK);
    }

    private CfReply create(Caller caller, FileHandle directory, String name, int mode) {
        return machine.call(
                caller, new CfRequest.Create(directory, Name.of(name), How.GUARDED, mode(mode), 0));
    }

    private FileHandle file(String name) {
        return ((CfReply.Created) create(machine.root(), root, name, 0_644)).file();
    }

    private FileHandle directory(Caller caller, FileHandle parent, String name, int mode) {
        var reply = machine.call(caller, new CfRequest.MakeDirectory(parent, Name.of(name), mode(mode)));
        return ((CfReply.Created) reply).file();
    }

    private Attributes attributes(FileHandle file) {
        return ((CfReply.AttributesOf) machine.call(new CfRequest.GetAttributes(file))).attributes();
    }

    private CfReply write(Caller caller, FileHandle file, long offset, byte[] bytes) {
        return machine.write(caller, new CfRequest.Write(file, offset, bytes.length, Stability.UNSTABLE), bytes);
    }

    private static byte[] bytes(int count, int value) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    @Test
    void aWriteAnswersWithStabilityVerifierAndBothAttributes() {
        var file = file("a");
        var before = attributes(file);
        machine.clock.advanceNs(5);
        for (var asked : Stability.values()) {
            var request = new CfRequest.Write(file, 10, 100, asked);
            var reply = (CfReply.Written) machine.write(machine.root(), request, bytes(100, 7));
            assertThat(reply.verifier()).isEqualTo(TestMachine.VERIFIER);
            assertThat(reply.countBytes()).isEqualTo(100);
            assertThat(reply.stability())
                    .isEqualTo(asked == Stability.UNSTABLE ? Stability.UNSTABLE : Stability.FILE_SYNC);
            assertThat(reply.file().before().orElseThrow().changeTimeNs()).isEqualTo(before.changeTimeNs());
            before = reply.file().after().orElseThrow();
            assertThat(before).isEqualTo(attributes(file));
            assertThat(before.sizeBytes()).isEqualTo(110);
            assertThat(before.usedBytes()).isEqualTo(Units.BLOCK_SIZE);
        }
        var commit = (CfReply.Committed) machine.call(new CfRequest.Commit(file, 0, 0));
        assertThat(commit.verifier()).isEqualTo(TestMachine.VERIFIER);
        assertThat(commit.file().after()).contains(before);
    }

    @Test
    void holesAndTheBytesBehindACutAreZero() throws IOException {
        var file = file("sparse");
        write(machine.root(), file, 100_000, bytes(10, 1));
        assertThat(machine.read(file, 0, 100_000)).isEqualTo(new byte[100_000]);
        write(machine.root(), file, 0, bytes(20_000, 2));
        for (boolean onDisk : new boolean[] {false, true}) {
            if (onDisk) {
                machine.point();
                machine.store.dropCache();
            }
            assertThat(change(machine.root(), file, size(9_000)).status()).isEqualTo(CfStatus.OK);
            assertThat(change(machine.root(), file, size(30_000)).status()).isEqualTo(CfStatus.OK);
            byte[] expected = Arrays.copyOf(bytes(9_000, 2), 30_000);
            assertThat(machine.read(file, 0, 40_000)).isEqualTo(expected);
            write(machine.root(), file, 0, bytes(20_000, 2));
        }
    }

    @Test
    void timesAreOfTheClientOrTheServer() {
        var file = file("a");
        change(machine.root(), file, modifyTime(new SetTime.ClientTime(-5)));
        assertThat(attributes(file).modifyTimeNs()).isEqualTo(-5);
        var user = machine.caller(1000, 1000);
        var now = modifyTime(new SetTime.ServerTime());
        assertThat(change(user, file, now).status()).isEqualTo(CfStatus.ACCESS_DENIED);
        allow(file, 0_666);
        assertThat(change(machine.caller(1000, 1000), file, now).status()).isEqualTo(CfStatus.OK);
        assertThat(attributes(file).modifyTimeNs()).isGreaterThanOrEqualTo(machine.clock.wallNs());
        assertThat(change(machine.caller(1000, 1000), file, modifyTime(new SetTime.ClientTime(7))).status())
                .isEqualTo(CfStatus.NOT_PERMITTED);
    }

    @Test
    void changeTimesGrowWhileTheClockStands() {
        var file = file("a");
        long last = attributes(file).changeTimeNs();
        for (int i = 0; i < 5; i++) {
            machine.clock.advanceNs(i == 3 ? -1_000_000 : 0);
            write(machine.root(), file, 0, bytes(1, i));
            long next = attributes(file).changeTimeNs();
            assertThat(next).isGreaterThan(last);
            last = next;
        }
    }

    @Test
    void aGuardedChangeNeedsTheRightTime() {
        var file = file("a");
        long time = attributes(file).changeTimeNs();
        var wrong = new CfRequest.Change(file, mode(0_600), OptionalLong.of(time + 1));
        assertThat(machine.call(wrong).status()).isEqualTo(CfStatus.NOT_SYNCHRONIZED);
        var right = new CfRequest.Change(file, mode(0_600), OptionalLong.of(time));
        assertThat(machine.call(right).status()).isEqualTo(CfStatus.OK);
    }

    @Test
    void ownersChangeWhatUnixLetsThem() {
        var user = 1000;
        var file = ((CfReply.Created) create(machine.caller(user, 100), root, "mine", 0_6755)).file();
        assertThat(attributes(file).mode()).isEqualTo(0_6755);
        assertThat(attributes(file).uid()).isEqualTo(user);
        assertThat(change(machine.caller(user, 100), file, owner(2000, -1)).status()).isEqualTo(CfStatus.NOT_PERMITTED);
        assertThat(change(machine.caller(user, 100), file, owner(-1, 5)).status()).isEqualTo(CfStatus.NOT_PERMITTED);
        assertThat(change(machine.caller(user, 100, 5), file, owner(-1, 5)).status()).isEqualTo(CfStatus.OK);
        assertThat(attributes(file).mode()).as("privileges go with the group").isEqualTo(0_755);
        assertThat(change(machine.caller(2000, 100), file, mode(0_777)).status()).isEqualTo(CfStatus.NOT_PERMITTED);
        assertThat(change(machine.root(), file, owner(2000, 7)).status()).isEqualTo(CfStatus.OK);
        assertThat(attributes(file).uid()).isEqualTo(2000);
        allow(file, 0_4777);
        write(machine.caller(3000, 7), file, 0, bytes(1, 1));
        assertThat(attributes(file).mode()).as("writing takes set-uid away").isEqualTo(0_777);
    }

    @Test
    void aSetGidDirectoryGivesItsGroupOn() {
        var shared = directory(machine.root(), root, "shared", 0_777);
        change(machine.root(), shared, owner(-1, 55));
        allow(shared, 0_2777);
        var file = ((CfReply.Created) create(machine.caller(1000, 100), shared, "f", 0_644)).file();
        assertThat(attributes(file).gid()).isEqualTo(55);
        var below = directory(machine.caller(1000, 100), shared, "d", 0_755);
        assertThat(attributes(below).gid()).isEqualTo(55);
        assertThat(attributes(below).mode()).isEqualTo(0_2755);
    }

    @Test
    void aStickyDirectoryKeepsForeignNames() {
        var tmp = directory(machine.root(), root, "tmp", 0_1777);
        create(machine.caller(1000, 100), tmp, "mine", 0_644);
        create(machine.caller(2000, 100), tmp, "his", 0_644);
        var remove = new CfRequest.Remove(tmp, Name.of("mine"));
        assertThat(machine.call(machine.caller(2000, 100), remove).status()).isEqualTo(CfStatus.NOT_PERMITTED);
        var away = new CfRequest.Rename(tmp, Name.of("mine"), root, Name.of("x"));
        assertThat(machine.call(machine.caller(2000, 100), away).status()).isEqualTo(CfStatus.NOT_PERMITTED);
        var over = new CfRequest.Rename(tmp, Name.of("his"), tmp, Name.of("mine"));
        assertThat(machine.call(machine.caller(2000, 100), over).status()).isEqualTo(CfStatus.NOT_PERMITTED);
        assertThat(machine.call(machine.caller(1000, 100), remove).status()).isEqualTo(CfStatus.OK);
    }

    @Test
    void directoriesNeedTheirRights() {
        var closed = directory(machine.root(), root, "closed", 0_700);
        var inside = ((CfReply.Created) create(machine.root(), closed, "f", 0_644)).file();
        var lookup = new CfRequest.Lookup(closed, Name.of("f"));
        assertThat(machine.call(machine.caller(1000, 1), lookup).status()).isEqualTo(CfStatus.ACCESS_DENIED);
        assertThat(create(machine.caller(1000, 1), closed, "g", 0_644).status()).isEqualTo(CfStatus.ACCESS_DENIED);
        var list = new CfRequest.ReadDirectory(closed, 0, 0, 100, 8192, false);
        assertThat(machine.call(machine.caller(1000, 1), list).status()).isEqualTo(CfStatus.ACCESS_DENIED);
        var readOnly = directory(machine.root(), root, "readable", 0_755);
        assertThat(create(machine.caller(1000, 1), readOnly, "g", 0_644).status()).isEqualTo(CfStatus.ACCESS_DENIED);
        // A handle is enough for the object itself: the rights on its bytes are its own.
        assertThat(machine.call(machine.caller(1000, 1), new CfRequest.GetAttributes(inside)).status())
                .isEqualTo(CfStatus.OK);
        assertThat(write(machine.caller(1000, 1), inside, 0, bytes(1, 1)).status()).isEqualTo(CfStatus.ACCESS_DENIED);
    }

    @Test
    void exclusiveCreateKnowsItsOwnFile() throws IOException {
        var mine = new CfRequest.Create(root, Name.of("x"), How.EXCLUSIVE, SetAttributes.NOTHING, 42);
        var first = (CfReply.Created) machine.call(mine);
        var again = (CfReply.Created) machine.call(mine);
        assertThat(again.file()).isEqualTo(first.file());
        var other = new CfRequest.Create(root, Name.of("x"), How.EXCLUSIVE, SetAttributes.NOTHING, 43);
        assertThat(machine.call(other).status()).isEqualTo(CfStatus.EXISTS);
        machine.point();
        machine.die();
        machine.boot();
        assertThat(((CfReply.Created) machine.call(mine)).file()).isEqualTo(first.file());
        file("plain");
        var zero = new CfRequest.Create(root, Name.of("plain"), How.EXCLUSIVE, SetAttributes.NOTHING, 0);
        assertThat(machine.call(zero).status()).isEqualTo(CfStatus.EXISTS);
    }

    @Test
    void uncheckedCreateOfAnExistingFileOnlyCutsIt() {
        var file = file("x");
        write(machine.root(), file, 0, bytes(5_000, 3));
        var open = new CfRequest.Create(root, Name.of("x"), How.UNCHECKED, mode(0_777), 0);
        assertThat(((CfReply.Created) machine.call(open)).file()).isEqualTo(file);
        assertThat(attributes(file).mode()).isEqualTo(0_644);
        assertThat(attributes(file).sizeBytes()).isEqualTo(5_000);
        var cut = new CfRequest.Create(root, Name.of("x"), How.UNCHECKED, size(0), 0);
        var reply = (CfReply.Created) machine.call(cut);
        assertThat(reply.attributes().sizeBytes()).isZero();
        assertThat(machine.read(file, 0, 10)).isEmpty();
        directory(machine.root(), root, "d", 0_755);
        var onDirectory = new CfRequest.Create(root, Name.of("d"), How.UNCHECKED, mode(0_777), 0);
        assertThat(machine.call(onDirectory).status()).isEqualTo(CfStatus.EXISTS);
    }

    @Test
    void namesWithMeaningAreNotMadeOrTaken() {
        for (String dots : new String[] {".", ".."}) {
            var name = Name.of(dots);
            assertThat(create(machine.root(), root, dots, 0_644).status()).isEqualTo(CfStatus.EXISTS);
            assertThat(machine.call(new CfRequest.Remove(root, name)).status()).isEqualTo(CfStatus.INVALID);
            assertThat(machine.call(new CfRequest.Rename(root, name, root, Name.of("b"))).status())
                    .isEqualTo(CfStatus.INVALID);
            assertThat(((CfReply.Found) machine.call(new CfRequest.Lookup(root, name))).file()).isEqualTo(root);
        }
        assertThat(machine.call(new CfRequest.RemoveDirectory(root, Name.of("."))).status())
                .isEqualTo(CfStatus.INVALID);
        assertThat(machine.call(new CfRequest.RemoveDirectory(root, Name.of(".."))).status())
                .isEqualTo(CfStatus.NOT_EMPTY);
        var longest = Name.of("x".repeat(255));
        assertThat(create(machine.root(), root, longest.toString(), 0_644).status()).isEqualTo(CfStatus.OK);
        assertThat(create(machine.root(), root, "x".repeat(256), 0_644).status()).isEqualTo(CfStatus.NAME_TOO_LONG);
        assertThat(create(machine.root(), root, "a/b", 0_644).status()).isEqualTo(CfStatus.INVALID);
        var below = directory(machine.root(), root, "d", 0_755);
        var up = (CfReply.Found) machine.call(new CfRequest.Lookup(below, Name.of("..")));
        assertThat(up.file()).isEqualTo(root);
    }

    @Test
    void devicesAreForRoot() {
        var device = new CfRequest.MakeNode(root, Name.of("dev"), FileType.BLOCK_DEVICE, mode(0_600), 8, 1);
        assertThat(machine.call(machine.caller(1000, 1), device).status()).isEqualTo(CfStatus.NOT_PERMITTED);
        var made = (CfReply.Created) machine.call(device);
        assertThat(made.attributes().deviceMajor()).isEqualTo(8);
        var fifo = new CfRequest.MakeNode(root, Name.of("fifo"), FileType.FIFO, mode(0_600), 8, 1);
        var pipe = (CfReply.Created) machine.call(machine.caller(1000, 1), fifo);
        assertThat(pipe.attributes().deviceMajor()).isZero();
        var wrong = new CfRequest.MakeNode(root, Name.of("r"), FileType.REGULAR, mode(0_600), 0, 0);
        assertThat(machine.call(wrong).status()).isEqualTo(CfStatus.BAD_TYPE);
    }

    @Test
    void handlesOfOtherPlacesAreRefused() {
        var file = file("a");
        var wrongGeneration = new FileHandle(file.aggregateId(), 1, file.inode(), file.generation() + 1);
        assertThat(machine.call(new CfRequest.GetAttributes(wrongGeneration)).status()).isEqualTo(CfStatus.STALE);
        var wrongVolume = new FileHandle(file.aggregateId(), 77, file.inode(), file.generation());
        assertThat(machine.call(new CfRequest.GetAttributes(wrongVolume)).status()).isEqualTo(CfStatus.STALE);
        var wrongAggregate = new FileHandle(1, 1, file.inode(), file.generation());
        assertThat(machine.call(new CfRequest.GetAttributes(wrongAggregate)).status()).isEqualTo(CfStatus.BAD_HANDLE);
        var other = new FileHandle(file.aggregateId(), 2, 64, 1);
        var across = new CfRequest.Rename(root, Name.of("a"), other, Name.of("a"));
        assertThat(machine.call(across).status()).isEqualTo(CfStatus.CROSS_DEVICE);
        machine.call(new CfRequest.Remove(root, Name.of("a")));
        assertThat(machine.call(new CfRequest.GetAttributes(file)).status()).isEqualTo(CfStatus.STALE);
        var next = file("b");
        assertThat(next).isNotEqualTo(file);
    }

    @Test
    void aReadOnlyExportTakesNoChange() {
        var file = file("a");
        var reader = new Caller(new byte[4], 1, 1, 0, 0, new int[0], true);
        assertThat(write(reader, file, 0, bytes(1, 1)).status()).isEqualTo(CfStatus.READ_ONLY);
        assertThat(create(reader, root, "b", 0_644).status()).isEqualTo(CfStatus.READ_ONLY);
    }

    @Test
    void listingsKeepTheirBounds() {
        for (int i = 0; i < 500; i++) {
            file("name-" + i);
        }
        var names = new HashSet<Name>();
        long cookie = 0;
        long verifier = 0;
        while (true) {
            var request = new CfRequest.ReadDirectory(root, cookie, verifier, 1000, 1_000, true);
            var page = (CfReply.Entries) machine.call(request);
            int size = page.entries().stream().mapToInt(e -> e.name().length() + 144).sum();
            assertThat(size).isLessThanOrEqualTo(1_000);
            page.entries().forEach(e -> assertThat(names.add(e.name())).isTrue());
            page.entries().forEach(e -> assertThat(e.attributes()).isPresent());
            if (page.endOfDirectory()) {
                break;
            }
            cookie = page.entries().getLast().cookie();
            verifier = page.cookieVerifier();
        }
        assertThat(names).hasSize(502);
        assertThat(machine.call(new CfRequest.ReadDirectory(root, 0, 0, 1000, 20, false)).status())
                .isEqualTo(CfStatus.TOO_SMALL);
        assertThat(machine.call(new CfRequest.ReadDirectory(root, cookie, verifier + 1, 1000, 900, false)).status())
                .isEqualTo(CfStatus.BAD_COOKIE);
        assertThat(machine.call(new CfRequest.ReadDirectory(root, -1, verifier, 1000, 900, false)).status())
                .isEqualTo(CfStatus.BAD_COOKIE);
        var file = machine.list(root, 10).getLast().file().orElseThrow();
        assertThat(machine.call(new CfRequest.ReadDirectory(file, 0, 0, 1000, 900, false)).status())
                .isEqualTo(CfStatus.NOT_A_DIRECTORY);
    }

    @Test
    void exportsAndStatisticsSpeakOfTheVolumes() {
        var exports = (CfReply.Exports) machine.call(new CfRequest.ListExports());
        assertThat(exports.exports()).extracting(e -> e.path()).containsExactly("/vol0", "/vol1");
        assertThat(exports.exports().getFirst().root()).isEqualTo(root);
        var statistics = (CfReply.Statistics) machine.call(new CfRequest.FileSystemStatistics(root));
        assertThat(statistics.totalBytes()).isEqualTo(8_192L * 4096);
        assertThat(statistics.availableBytes()).isPositive().isLessThanOrEqualTo(statistics.freeBytes());
        write(machine.root(), file("a"), 0, bytes(100_000, 1));
        var after = (CfReply.Statistics) machine.call(new CfRequest.FileSystemStatistics(root));
        assertThat(after.availableBytes()).isLessThanOrEqualTo(statistics.availableBytes() - 100_000);
    }

    @Test
    void impossibleRangesAreRefused() {
        var file = file("a");
        assertThat(write(machine.root(), file, -1, bytes(1, 1)).status()).isEqualTo(CfStatus.INVALID);
        assertThat(write(machine.root(), file, Long.MAX_VALUE - 10, bytes(100, 1)).status())
                .isEqualTo(CfStatus.TOO_BIG);
        assertThat(change(machine.root(), file, size(Long.MAX_VALUE)).status()).isEqualTo(CfStatus.TOO_BIG);
        assertThat(change(machine.root(), file, size(-1)).status()).isEqualTo(CfStatus.INVALID);
        var read = new CfRequest.Read(file, -1, 10);
        assertThat(machine.operations.call(machine.root(), read, MemorySegment.NULL, MemorySegment.NULL).status())
                .isEqualTo(CfStatus.INVALID);
        // Far away, but possible.
        long far = WritePlanner.SIZE_MAX - 100;
        assertThat(write(machine.root(), file, far, bytes(100, 5)).status()).isEqualTo(CfStatus.OK);
        assertThat(machine.read(file, far - 10, 200)).isEqualTo(concat(new byte[10], bytes(100, 5)));
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    @Test
    void aDamagedBlockIsAnErrorAndNothingElse() throws IOException {
        var file = file("a");
        var good = file("good");
        write(machine.root(), file, 0, bytes(3 * 4096, 1));
        write(machine.root(), good, 0, bytes(4096, 2));
        machine.point();
        machine.fs.lock().shared();
        long vbn;
        try {
            var state = machine.fs.state();
            var volume = state.volume(1).orElseThrow();
            var inode = state.inode(volume, file.inode()).orElseThrow();
            vbn = ((hearth.dmodule.filesystem.core.DataAt.OnDisk) state.data(inode, 1)).pointer().vbn();
        } catch (hearth.dmodule.filesystem.core.MissingBlock missing) {
            throw new AssertionError(missing);
        } finally {
            machine.fs.lock().leaveShared();
        }
        machine.store.damage(vbn);
        var room = MemorySegment.ofArray(new byte[3 * 4096]);
        var read = new CfRequest.Read(file, 0, 3 * 4096);
        assertThat(machine.operations.call(machine.root(), read, MemorySegment.NULL, room).status())
                .isEqualTo(CfStatus.IO_ERROR);
        assertThat(machine.read(file, 0, 4096)).isEqualTo(bytes(4096, 1));
        assertThat(machine.read(good, 0, 4096)).isEqualTo(bytes(4096, 2));
        // Writing a part needs the rest; writing it whole mends it.
        assertThat(write(machine.root(), file, 4_100, bytes(10, 3)).status()).isEqualTo(CfStatus.IO_ERROR);
        assertThat(write(machine.root(), file, 4_096, bytes(4096, 3)).status()).isEqualTo(CfStatus.OK);
        assertThat(machine.read(file, 4_096, 4096)).isEqualTo(bytes(4096, 3));
    }
}
