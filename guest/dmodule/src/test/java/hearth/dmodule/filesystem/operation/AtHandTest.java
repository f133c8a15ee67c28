package hearth.dmodule.filesystem.operation;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import hearth.base.Units;
import hearth.base.posix.IoVector;
import hearth.cf.Caller;
import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfStatus;
import hearth.cf.FileHandle;
import hearth.cf.Name;
import hearth.cf.SetAttributes;
import hearth.cf.Stability;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: `tryCall` gives the answer that `call` would, or none and has done nothing. Method: a real file system over a
/// disk in memory; that it answers right is also checked by all tests of operations, half of whose calls try first.
class AtHandTest {
    private TestMachine machine;
    private FileHandle file;

    @BeforeEach
    void start() throws IOException {
        machine = new TestMachine(8_192, 4_096, 4 << 20);
        var request = new CfRequest.Create(
                machine.rootHandle(), Name.of("file"), CfRequest.Create.How.GUARDED, SetAttributes.NOTHING, 0);
        file = ((CfReply.Created) machine.call(request)).file();
    }

    @AfterEach
    void stop() throws InterruptedException {
        machine.close();
    }

    private Optional<CfReply> tryWrite(Caller caller, long offset, byte[] bytes, Stability stability) {
        var request = new CfRequest.Write(file, offset, bytes.length, stability);
        return machine.operations.tryCall(caller, request, MemorySegment.ofArray(bytes), MemorySegment.NULL);
    }

    private Optional<CfReply> tryRead(byte[] room) {
        var request = new CfRequest.Read(file, 0, room.length);
        return machine.operations.tryCall(
                machine.root(), request, MemorySegment.NULL, MemorySegment.ofArray(room));
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) 7);
        return bytes;
    }

    @Test
    void whatIsInTheLogOrTheCacheIsAtHand() throws IOException {
        byte[] written = bytes(3 * Units.BLOCK_SIZE);
        assertThat(tryWrite(machine.root(), 0, written, Stability.UNSTABLE).orElseThrow().status())
                .isEqualTo(CfStatus.OK);
        byte[] room = new byte[written.length];
        assertThat(tryRead(room)).isPresent();
        assertThat(room).isEqualTo(written);
        machine.point();
        Arrays.fill(room, (byte) 0);
        assertThat(tryRead(room)).isPresent();
        assertThat(room).isEqualTo(written);
    }

    @Test
    void whatHasToBeReadFromTheDiskIsNot() throws IOException {
        byte[] written = bytes(3 * Units.BLOCK_SIZE);
        tryWrite(machine.root(), 0, written, Stability.UNSTABLE);
        machine.point();
        machine.store.dropCache();
        byte[] room = new byte[written.length];
        assertThat(tryRead(room)).isEmpty();
        assertThat(machine.read(file, 0, written.length)).isEqualTo(written);
        assertThat(tryRead(room)).isPresent();
        assertThat(room).isEqualTo(written);
    }

    @Test
    void bytesAreGatheredFromTheCacheTheLogAndHoles() throws IOException {
        int block = Units.BLOCK_SIZE;
        byte[] expected = new byte[20 * block];
        new Random(5).nextBytes(expected);
        Arrays.fill(expected, 8 * block, 12 * block, (byte) 0);
        tryWrite(machine.root(), 0, Arrays.copyOf(expected, 8 * block), Stability.UNSTABLE);
        tryWrite(machine.root(), 12 * block, Arrays.copyOfRange(expected, 12 * block, 20 * block), Stability.UNSTABLE);
        machine.point();
        byte[] newer = bytes(3 * block);
        tryWrite(machine.root(), 2 * block, newer, Stability.UNSTABLE);
        System.arraycopy(newer, 0, expected, 2 * block, newer.length);
        assertThat(machine.gather(file, 0, expected.length)).contains(expected);
        assertThat(machine.gather(file, 5, expected.length)).contains(Arrays.copyOfRange(expected, 5, 20 * block));
        assertThat(machine.gather(file, 4_095, 2)).contains(Arrays.copyOfRange(expected, 4_095, 4_097));
        assertThat(machine.gather(file, expected.length, 10)).contains(new byte[0]);
        assertThat(machine.store.frames.pinned()).isZero();
        machine.point();
        machine.store.dropCache();
        assertThat(machine.gather(file, 0, expected.length)).isEmpty();
        assertThat(machine.store.frames.pinned()).isZero();
    }

    @Test
    void whatIsGatheredStaysWhileTheFileAndItsBlocksChange() throws IOException {
        byte[] first = bytes(16 * Units.BLOCK_SIZE);
        tryWrite(machine.root(), 0, first, Stability.UNSTABLE);
        machine.point();
        var room = Arena.ofAuto().allocate(first.length);
        var parts = new IoVector(18);
        var request = new CfRequest.Read(file, 0, first.length);
        assertThat(machine.operations.tryGather(machine.root(), request, room, parts)).isPresent();
        assertThat(machine.store.frames.pinned()).isEqualTo(16);
        for (int i = 0; i < 100; i++) {
            byte[] other = new byte[first.length];
            Arrays.fill(other, (byte) (i + 50));
            tryWrite(machine.root(), 0, other, Stability.UNSTABLE);
            machine.point();
            assertThat(machine.gather(file, 0, other.length)).contains(other);
        }
        assertThat(TestMachine.bytesOf(parts)).isEqualTo(first);
        parts.release();
        assertThat(machine.store.frames.pinned()).isZero();
    }

    @Test
    void whatMustBeStableIsNotAndNeitherIsARepeat() {
        long before = machine.log.lastLsn();
        assertThat(tryWrite(machine.root(), 0, bytes(10), Stability.FILE_SYNC)).isEmpty();
        assertThat(tryWrite(machine.root(), 0, bytes(10), Stability.DATA_SYNC)).isEmpty();
        assertThat(machine.log.lastLsn()).isEqualTo(before);
        var caller = machine.root();
        var first = tryWrite(caller, 0, bytes(10), Stability.UNSTABLE);
        assertThat(first).isPresent();
        assertThat(tryWrite(caller, 0, bytes(10), Stability.UNSTABLE)).isEmpty();
        assertThat(machine.log.lastLsn()).isEqualTo(before + 1);
        var again = machine.write(caller, new CfRequest.Write(file, 0, 10, Stability.UNSTABLE), bytes(10));
        assertThat(again).isEqualTo(first.orElseThrow());
    }

    @Test
    void aFullLogIsNotWaitedFor() throws IOException {
        byte[] large = bytes(Units.MIB);
        int done = 0;
        while (tryWrite(machine.root(), 0, large, Stability.UNSTABLE).isPresent()) {
            done++;
            assertThat(done).isLessThan(100);
        }
        long last = machine.log.lastLsn();
        assertThat(machine.log.duplicates().running()).isZero();
        assertThat(done).isBetween(2, 4);
        machine.point();
        assertThat(tryWrite(machine.root(), 0, large, Stability.UNSTABLE)).isPresent();
        assertThat(machine.log.lastLsn()).isEqualTo(last + 1);
    }
}
