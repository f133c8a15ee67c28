package hearth.dmodule.filesystem.operation;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import hearth.base.Check;
import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfRequest.Create.How;
import hearth.cf.FileHandle;
import hearth.cf.Name;
import hearth.cf.SetAttributes;
import hearth.cf.Stability;
import hearth.dmodule.filesystem.core.MissingBlock;

import static org.assertj.core.api.Assertions.assertThat;

/// A read whose blocks move between the look under the lock and the copy without it.
class FileReadTest {
    private static final int SIZE = 64 * 4096;

    private TestMachine machine;
    private FileHandle file;

    @BeforeEach
    void start() throws IOException {
        machine = new TestMachine(2_048, 4_096, 1 << 20);
        var create = new CfRequest.Create(
                machine.rootHandle(), Name.of("f"), How.GUARDED, SetAttributes.NOTHING, 0);
        file = ((CfReply.Created) machine.call(create)).file();
    }

    @AfterEach
    void stop() throws InterruptedException {
        machine.close();
    }

    private void put(int value) {
        byte[] bytes = new byte[SIZE];
        Arrays.fill(bytes, (byte) value);
        var request = new CfRequest.Write(file, 0, SIZE, Stability.UNSTABLE);
        assertThat(machine.write(machine.root(), request, bytes)).isInstanceOf(CfReply.Written.class);
    }

    private FileRead resolve(byte[] room) {
        machine.fs.lock().shared();
        try {
            var view = new View(machine.fs.state(), machine.root(), 0);
            return FileRead.resolve(view, new CfRequest.Read(file, 0, SIZE), MemorySegment.ofArray(room));
        } catch (Refusal | MissingBlock e) {
            throw Check.failed(String.valueOf(e));
        } finally {
            machine.fs.lock().leaveShared();
        }
    }

    private static byte[] all(int value) {
        byte[] bytes = new byte[SIZE];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    /// Makes the file's old blocks, in the log or on disk, free and used by others.
    private void churn() throws IOException {
        for (int i = 0; i < 40; i++) {
            put(100 + i);
            machine.point();
        }
    }

    @Test
    void whatWasInTheLogIsNoticedToHaveLeftIt() throws IOException {
        put(1);
        byte[] room = new byte[SIZE];
        var read = resolve(room);
        churn();
        var moved = read.copy(machine.fs, machine.log);
        assertThat(moved).isNotEqualTo(FileRead.Moved.NOTHING);
        assertThat(resolve(room).isAt(moved)).isFalse();
        assertThat(machine.read(file, 0, SIZE)).isEqualTo(all(139));
    }

    @Test
    void aDiskBlockUsedByOthersIsNoticed() throws IOException {
        put(1);
        machine.point();
        for (boolean cold : new boolean[] {false, true}) {
            byte[] room = new byte[SIZE];
            var read = resolve(room);
            churn();
            if (cold) {
                machine.store.dropCache();
            }
            var moved = read.copy(machine.fs, machine.log);
            assertThat(moved).isNotEqualTo(FileRead.Moved.NOTHING);
            assertThat(resolve(room).isAt(moved)).isFalse();
        }
    }

    @Test
    void anOldBlockThatNobodyReusedIsTheReadAsItWas() throws IOException {
        put(1);
        machine.point();
        byte[] room = new byte[SIZE];
        var read = resolve(room);
        put(2);
        assertThat(read.copy(machine.fs, machine.log)).isEqualTo(FileRead.Moved.NOTHING);
        assertThat(room).isEqualTo(all(1));
    }

    @Test
    void aColdReadBringsEveryBlockOnce() throws IOException {
        put(7);
        machine.point();
        assertThat(machine.read(file, 0, SIZE)).isEqualTo(all(7));
        machine.store.dropCache();
        long before = machine.store.reads();
        assertThat(machine.read(file, 5, SIZE)).isEqualTo(Arrays.copyOf(all(7), SIZE - 5));
        assertThat(machine.store.reads() - before).isLessThanOrEqualTo(64 + 2);
        long warm = machine.store.reads();
        assertThat(machine.read(file, 0, SIZE)).isEqualTo(all(7));
        assertThat(machine.store.reads()).isEqualTo(warm);
    }
}
