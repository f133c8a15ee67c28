package hearth.system.boot;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import hearth.base.Units;
import hearth.checkpoint.Section;
import hearth.dmodule.filesystem.format.FsInfo;
import hearth.memory.channel.AdminRequest;
import hearth.memory.channel.GuestExit;
import hearth.memory.channel.VolumeReport;
import hearth.memory.label.DiskGeometry;
import hearth.memory.region.Area;
import hearth.memory.region.BootStage;
import hearth.memory.region.Counter;
import hearth.memory.region.HeartbeatPage;
import hearth.memory.region.RegionGeometry;
import hearth.memory.region.RootRecord;
import hearth.memory.ring.IoSection;
import hearth.system.rehearsal.NfsClient;
import hearth.system.rehearsal.RehearsalGuest;
import hearth.system.rehearsal.RehearsalHost;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: a guest comes up by the plan that its circumstances demand, asks the disks for no more than that plan needs,
/// and has everything that was acknowledged.
/// Method: a real region, real rings over disks in memory, real sockets; one incarnation after the other.
class BootTest {
    private static final RegionGeometry GEOMETRY = new RegionGeometry(
            16L * Units.MIB, 2L * Units.MIB, 16, 1024, 4096, 64, 2L * Units.MIB, 64 * Units.KIB, 4096);
    private static final byte[] CONTENT = pattern(10_000);
    private static final int DONE = AdminRequest.Outcome.DONE.ordinal();
    private static final int REFUSED = AdminRequest.Outcome.REFUSED.ordinal();
    private static final int NOT_FOUND = AdminRequest.Outcome.NOT_FOUND.ordinal();
    private static final int INVALID = AdminRequest.Outcome.INVALID.ordinal();

    private RehearsalHost host;
    private int xid = 1;

    @BeforeEach
    void makeHost() throws IOException {
        host = new RehearsalHost(GEOMETRY, new SplittableRandom(7));
    }

    @AfterEach
    void closeHost() {
        host.close();
    }

    private static byte[] pattern(int bytes) {
        byte[] pattern = new byte[bytes];
        new SplittableRandom(11).nextBytes(pattern);
        return pattern;
    }

    private interface Calls {
        void run(NfsClient client, byte[] root) throws IOException;
    }

    private void with(RehearsalGuest guest, Calls calls) throws IOException {
        try (NfsClient client = guest.connect(xid)) {
            calls.run(client, client.mount(RehearsalHost.EXPORT));
            xid = client.xid() + 100;
        }
    }

    /// Unstable, so that nothing but the log has it.
    private long write(RehearsalGuest guest, String name) throws IOException {
        long[] verifier = {0};
        with(guest, (client, root) -> verifier[0] = client.write(client.create(root, name), 0, CONTENT, 0));
        return verifier[0];
    }

    private void assertContent(RehearsalGuest guest, String name) throws IOException {
        with(guest, (client, root) ->
                assertThat(client.read(client.lookup(root, name), 0, 2 * CONTENT.length)).isEqualTo(CONTENT));
    }

    private static String planOf(RehearsalGuest guest) {
        return guest.listening().orElseThrow(() -> new AssertionError(guest.events())).plan();
    }

    private static String reasonOf(RehearsalGuest guest) {
        return guest.listening().orElseThrow().reason();
    }

    private long probesBeforeListening() {
        long probes = 0;
        HeartbeatPage page = host.region().heartbeat();
        for (Section section : Section.values()) {
            long byGuest = page.probes(section.ordinal());
            assertThat(byGuest).as("probes of %s by both", section)
                    .isEqualTo(host.requests(IoSection.valueOf(section.name())));
            probes += byGuest;
        }
        assertThat(page.probes(IoSection.REPLAY.ordinal())).as("replay").isEqualTo(host.requests(IoSection.REPLAY));
        return probes;
    }

    /// A guest that listens, on a host that made its file system with a predecessor.
    private RehearsalGuest secondGuest() throws Exception {
        var first = new RehearsalGuest(host);
        write(first, "first");
        first.die();
        return new RehearsalGuest(host);
    }

    @Test
    void theFirstBootMakesAFileSystemAndTheNextProbesNothing() throws Exception {
        var first = new RehearsalGuest(host);
        assertThat(planOf(first)).isEqualTo("ConventionalBoot");
        assertThat(reasonOf(first)).isEqualTo("NO_CHECKPOINT");
        assertThat(probesBeforeListening()).isPositive();
        long verifier = write(first, "kept");
        first.die();

        var second = new RehearsalGuest(host);
        assertThat(planOf(second)).isEqualTo("FastRestart");
        assertThat(probesBeforeListening()).isZero();
        assertContent(second, "kept");
        assertThat(host.region().heartbeat().counter(Counter.REPLAYED_RECORDS)).isEqualTo(2);
        assertThat(write(second, "later")).as("write verifier").isEqualTo(verifier);
        second.stop();
    }

    @Test
    void anAdministratorsChangesLeaveTheNextRestartFastAndAreDoneOnce() throws Exception {
        var first = secondGuest();
        var create = new AdminRequest.CreateVolume(0x77, "more", 1 << 20);
        assertThat(first.administer(create).outcome()).isEqualTo(DONE);
        var export = new AdminRequest.CreateExport(0x78, "/more", "more", true, "none", List.of("127.0.0.0/8"));
        assertThat(first.administer(export).outcome()).isEqualTo(DONE);
        try (NfsClient client = first.connect(xid)) {
            assertThat(client.mount("/more")).as("the new export is there at once").isNotEmpty();
        }
        first.die();

        var second = new RehearsalGuest(host);
        assertThat(planOf(second)).isEqualTo("FastRestart");
        assertThat(probesBeforeListening()).isZero();
        assertThat(second.administer(export).outcome()).as("asked again, as of a dead guest").isEqualTo(DONE);
        List<VolumeReport> volumes = VolumeReport.parse(second.administer(new AdminRequest.ListVolumes()).lines());
        assertThat(volumes).extracting(VolumeReport::name).containsExactly("vol0", "more");
        assertThat(volumes.getLast().sizeBytes()).isEqualTo(1 << 20);
        assertThat(second.administer(new AdminRequest.CreateVolume(0x79, "more", 0)).outcome()).isEqualTo(REFUSED);
        assertThat(second.administer(new AdminRequest.DeleteExport(0x80, "/none")).outcome()).isEqualTo(NOT_FOUND);
        assertThat(second.administer(new AdminRequest.CreateVolume(0, "x", 0)).outcome()).isEqualTo(INVALID);
        assertThat(second.administer(new AdminRequest.DeleteVolume(0x81, "more", true)).outcome()).isEqualTo(DONE);
        second.stop();
    }

    @Test
    void stagesAreStampedInTheirOrder() throws Exception {
        var guest = secondGuest();
        assertContent(guest, "first");
        guest.awaitFirstReply();
        HeartbeatPage page = host.region().heartbeat();
        long before = 1;
        for (BootStage stage : BootStage.values()) {
            assertThat(page.stage(stage)).as(stage.name()).isGreaterThanOrEqualTo(before);
            before = page.stage(stage);
        }
        guest.stop();
    }

    @Test
    void aBootAfterAnOrderlyStopReplaysNothing() throws Exception {
        var first = new RehearsalGuest(host);
        write(first, "kept");
        first.stop();

        var second = new RehearsalGuest(host);
        assertThat(planOf(second)).isEqualTo("FastRestart");
        assertThat(host.region().heartbeat().counter(Counter.REPLAYED_RECORDS)).isZero();
        assertContent(second, "kept");
        second.stop();
    }

    @Test
    void whatAConsistencyPointWroteIsReadFromTheDisksAfterTheCacheWasDropped() throws Exception {
        var first = new RehearsalGuest(host);
        write(first, "kept");
        first.consistencyPoint(1);
        first.die();
        host.setFailedStarts(2);

        var second = new RehearsalGuest(host);
        assertThat(planOf(second)).isEqualTo("ConventionalBoot");
        assertThat(reasonOf(second)).isEqualTo("FAILED_STARTS");
        assertThat(second.events()).anyMatch(line -> line.startsWith("cache.dropped"));
        long before = host.requests(IoSection.NORMAL);
        assertContent(second, "kept");
        assertThat(host.requests(IoSection.NORMAL)).isGreaterThan(before);
        second.die();
        host.setFailedStarts(0);

        var third = new RehearsalGuest(host);
        assertThat(planOf(third)).isEqualTo("FastRestart");
        before = host.requests(IoSection.NORMAL);
        assertContent(third, "kept");
        assertThat(host.requests(IoSection.NORMAL)).as("reads of a warm cache").isEqualTo(before);
        third.stop();
    }

    @Test
    void aReadOfWhatLiesSideBySideOnDiskAsksForItTogether() throws Exception {
        int blocks = 128;
        byte[] content = new byte[blocks * Units.BLOCK_SIZE];
        new SplittableRandom(3).nextBytes(content);
        var first = new RehearsalGuest(host);
        with(first, (client, root) -> client.write(client.create(root, "long"), 0, content, 0));
        first.consistencyPoint(1);
        first.die();
        host.setFailedStarts(2);

        var second = new RehearsalGuest(host);
        with(second, (client, root) -> {
            byte[] handle = client.lookup(root, "long");
            long before = host.requests(IoSection.NORMAL);
            assertThat(client.read(handle, 0, content.length)).isEqualTo(content);
            assertThat(host.requests(IoSection.NORMAL) - before).isBetween(1L, (long) blocks / 8);
            before = host.requests(IoSection.NORMAL);
            assertThat(client.read(handle, 0, content.length)).isEqualTo(content);
            assertThat(host.requests(IoSection.NORMAL)).as("all of it is cached").isEqualTo(before);
        });
        second.stop();
    }

    @Test
    void aDeathInTheMiddleOfLargeRepliesLeavesTheCacheWholeAndFree() throws Exception {
        byte[] content = new byte[Units.MIB];
        new SplittableRandom(5).nextBytes(content);
        var first = new RehearsalGuest(host);
        with(first, (client, root) -> client.write(client.create(root, "large"), 0, content, 0));
        first.consistencyPoint(1);
        with(first, (client, root) -> client.read(client.lookup(root, "large"), 0, content.length));
        try (NfsClient slow = first.connect(xid)) {
            byte[] handle = slow.lookup(slow.mount(RehearsalHost.EXPORT), "large");
            // More than the kernel holds for a client that takes nothing.
            for (int i = 0; i < 24; i++) {
                slow.readAndLeave(handle, 0, content.length);
            }
            xid = slow.xid() + 100;
            with(first, (client, root) -> client.ping());
            first.die();
        }

        var second = new RehearsalGuest(host);
        assertThat(planOf(second)).isEqualTo("FastRestart");
        for (int round = 0; round < 12; round++) {
            int point = round + 2;
            with(second, (client, root) -> {
                byte[] handle = client.lookup(root, "large");
                assertThat(client.read(handle, 0, content.length)).isEqualTo(content);
                new SplittableRandom(point).nextBytes(content);
                client.write(handle, 0, content, 0);
            });
            second.consistencyPoint(point);
        }
        second.stop();
    }

    @Test
    void aChangeOnTheHostMakesTheBootConventional() throws Exception {
        secondGuest().die();
        host.control().hostCounters().mark(Section.DEVICES.ordinal());

        var third = new RehearsalGuest(host);
        assertThat(planOf(third)).isEqualTo("ConventionalBoot");
        assertThat(reasonOf(third)).isEqualTo("CHANGED");
        assertThat(probesBeforeListening()).isPositive();
        assertContent(third, "first");
        third.die();

        var fourth = new RehearsalGuest(host);
        assertThat(planOf(fourth)).isEqualTo("FastRestart");
        assertContent(fourth, "first");
        fourth.stop();
    }

    @Test
    void aMarkThatTheGuestDidNotFollowUpMakesTheBootConventional() throws Exception {
        secondGuest().die();
        host.region().guestCounters().mark(Section.RAID.ordinal());

        var third = new RehearsalGuest(host);
        assertThat(planOf(third)).isEqualTo("ConventionalBoot");
        assertContent(third, "first");
        third.stop();
    }

    @Test
    void aDamagedCheckpointMakesTheBootConventional() throws Exception {
        secondGuest().die();
        MemorySegment slots = host.region().area(Area.CHECKPOINT).memory();
        for (long at = 100; at < slots.byteSize(); at += 50) {
            slots.set(ValueLayout.JAVA_BYTE, at, (byte) ~slots.get(ValueLayout.JAVA_BYTE, at));
        }

        var third = new RehearsalGuest(host);
        assertThat(planOf(third)).isEqualTo("ConventionalBoot");
        assertContent(third, "first");
        third.stop();
    }

    @Test
    void aBootThatIsToBeConventionalReplaysTheSameLog() throws Exception {
        var first = new RehearsalGuest(host);
        write(first, "first");
        first.die();
        host.setFastAllowed(false);

        var second = new RehearsalGuest(host);
        assertThat(reasonOf(second)).isEqualTo("ASKED_FOR");
        assertThat(host.region().heartbeat().counter(Counter.REPLAYED_RECORDS)).isEqualTo(2);
        assertContent(second, "first");
        second.stop();
    }

    @Test
    void aDamagedNewestRootIsNotReplacedByTheOneBefore() throws Exception {
        var first = new RehearsalGuest(host);
        write(first, "early");
        first.consistencyPoint(1);
        write(first, "late");
        first.consistencyPoint(2);
        first.die();
        byte[] newest = host.region().root().committed().orElseThrow().bytes();
        MemorySegment roots = host.region().area(Area.ROOT).memory();
        for (long at = 0; at + newest.length <= roots.byteSize(); at += Long.BYTES) {
            if (roots.asSlice(at, newest.length).mismatch(MemorySegment.ofArray(newest)) == -1) {
                roots.set(ValueLayout.JAVA_BYTE, at + 100, (byte) ~newest[100]);
            }
        }
        assertThat(host.region().root().committed()).as("the one before is whole").isPresent();

        var second = new RehearsalGuest(host);
        assertThat(reasonOf(second)).isEqualTo("RESTORE_FAILED");
        assertContent(second, "early");
        assertContent(second, "late");
        assertThat(host.region().verifier().lossCount()).isZero();
        second.stop();
    }

    @Test
    void anIntentIsFinishedBeforeAnythingElseIsWritten() throws Exception {
        var first = new RehearsalGuest(host);
        write(first, "kept");
        first.consistencyPoint(1);
        first.die();
        RootRecord record = host.region().root();
        RootRecord.Root committed = record.committed().orElseThrow();
        byte[] next = nextRoot(committed);
        long generation = committed.generation() + 1;
        record.intend(next, generation);
        host.spoil(DiskGeometry.fsinfoDbn(generation), new byte[Units.BLOCK_SIZE]);

        var second = new RehearsalGuest(host);
        assertThat(planOf(second)).isEqualTo("FastRestart");
        assertThat(probesBeforeListening()).isZero();
        assertContent(second, "kept");
        second.consistencyPoint(1);
        for (int slot = 0; slot < 2; slot++) {
            byte[] fsinfo = host.block(slot, DiskGeometry.fsinfoDbn(generation));
            assertThat(Arrays.equals(fsinfo, next) || isNewer(fsinfo, generation)).as("disk %d", slot).isTrue();
        }
        assertThat(record.committed().orElseThrow().generation()).isGreaterThan(generation);
        assertThat(record.intent()).isEmpty();
        second.stop();
    }

    private static boolean isNewer(byte[] fsinfo, long generation) {
        return FsInfo.decode(fsinfo) instanceof FsInfo.Decoded.Valid(FsInfo info) && info.generation() > generation;
    }

    /// The same trees under the next generation's number.
    private static byte[] nextRoot(RootRecord.Root committed) {
        FsInfo now = ((FsInfo.Decoded.Valid) FsInfo.decode(committed.bytes())).info();
        return new FsInfo(now.aggregateId(), now.generation() + 1, now.labelGeneration(), now.lastLsn(),
                now.wallTimeNs(), now.totalBlocks(), now.freeBlocks(), now.freedEvenBlocks(), now.freedOddBlocks(),
                now.volumeSlots(), now.nextVolumeId(), now.lastChange(), now.blockMap(), now.volumeTable(),
                now.volumes()).encode();
    }

    @Test
    void aDamagedRecordThatWasFlushedComesBackFromTheJournal() throws Exception {
        var first = new RehearsalGuest(host);
        long verifier = write(first, "damaged");
        with(first, (client, root) -> client.create(root, "after"));
        first.die();
        damageInLog(CONTENT);

        var second = new RehearsalGuest(host);
        assertThat(host.region().heartbeat().counter(Counter.LOG_RECORDS_FETCHED)).isEqualTo(1);
        assertThat(host.region().verifier().lossCount()).isZero();
        assertContent(second, "damaged");
        with(second, (client, root) -> assertThat(client.list(root)).contains("after"));
        assertThat(write(second, "later")).as("write verifier").isEqualTo(verifier);
        second.awaitEvent("log.records-fetched records=1");
        second.die();

        var third = new RehearsalGuest(host);
        assertThat(host.region().heartbeat().counter(Counter.LOG_RECORDS_FETCHED)).as("it was put back").isZero();
        assertContent(third, "damaged");
        third.stop();
    }

    @Test
    void aDamagedRecordThatWasNotFlushedIsADeclaredLossAndNeverServed() throws Exception {
        var first = new RehearsalGuest(host);
        long[] verifier = {0};
        with(first, (client, root) -> {
            client.create(root, "before");
            byte[] file = client.create(root, "damaged");
            host.setFlushing(false);
            verifier[0] = client.write(file, 0, CONTENT, 0);
        });
        first.die();
        damageInLog(CONTENT);

        var second = new RehearsalGuest(host);
        assertThat(host.region().verifier().lossCount()).isEqualTo(1);
        assertThat(host.region().heartbeat().counter(Counter.LOG_LOSSES)).isEqualTo(1);
        host.setFlushing(true);
        with(second, (client, root) -> {
            assertThat(client.list(root)).contains("before");
            assertThat(client.size(client.lookup(root, "damaged"))).as("the file is there, its bytes are not").isZero();
        });
        second.awaitEvent("log.loss-declared");
        assertThat(write(second, "after")).as("write verifier").isNotEqualTo(verifier[0]);
        with(second, (client, root) -> assertThat(client.commit(client.lookup(root, "damaged")))
                .as("verifier of a COMMIT").isNotEqualTo(verifier[0]));
        second.die();

        var third = new RehearsalGuest(host);
        assertContent(third, "after");
        third.stop();
    }

    private void damageInLog(byte[] content) {
        MemorySegment log = host.region().area(Area.LOG).memory();
        MemorySegment wanted = MemorySegment.ofArray(content).asSlice(0, 64);
        for (long at = 0; at + 64 <= log.byteSize(); at += 64) {
            if (log.asSlice(at, 64).mismatch(wanted) == -1) {
                log.set(ValueLayout.JAVA_BYTE, at + 7, (byte) (content[7] + 1));
                return;
            }
        }
        throw new AssertionError("the content is not in the log");
    }

    @Test
    void aRepeatedCallGetsItsFirstAnswerFromTheSuccessor() throws Exception {
        var first = new RehearsalGuest(host);
        int[] made = {0};
        with(first, (client, root) -> {
            made[0] = client.xid();
            client.makeDirectory(root, "once");
        });
        first.die();

        var second = new RehearsalGuest(host);
        with(second, (client, root) -> {
            int next = client.xid();
            client.setXid(made[0]);
            client.makeDirectory(root, "once");
            client.setXid(next);
            assertThat(client.list(root)).containsExactly("once");
        });
        second.stop();
    }

    @Test
    void disksOfAnotherAggregateAreNotTouched() throws Exception {
        secondGuest().die();
        byte[] zeros = new byte[Units.BLOCK_SIZE];
        host.spoil(DiskGeometry.FRONT_LABEL_DBN, zeros);
        host.spoil(DiskGeometry.backLabelDbn(RehearsalHost.DISK_BLOCKS), zeros);
        host.setFastAllowed(false);

        var third = new RehearsalGuest(host);
        assertThat(third.listening()).isEmpty();
        assertThat(third.exitCode()).isEqualTo(GuestExit.CANNOT_SERVE);
        assertThat(third.events().getLast()).startsWith("guest.cannot-serve kind=FOREIGN");
        third.die();
        assertThat(host.block(0, DiskGeometry.FRONT_LABEL_DBN)).isEqualTo(zeros);
    }
}
