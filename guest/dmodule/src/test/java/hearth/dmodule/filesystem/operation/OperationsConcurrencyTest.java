package hearth.dmodule.filesystem.operation;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;

import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfRequest.Create.How;
import hearth.cf.CfStatus;
import hearth.cf.FileHandle;
import hearth.cf.Name;
import hearth.cf.SetAttributes;
import hearth.cf.Stability;

import static org.assertj.core.api.Assertions.assertThat;

/// Many virtual threads at once over a log so small that its halves are used again all the time, with consistency
/// points running: readers and writers see every file whole.
class OperationsConcurrencyTest {
    private static final int THREADS = 12;
    private static final int SIZE_BLOCKS = 16;

    /// Each write puts one number into all bytes of a file in one call, so whatever a reader gets has one number.
    @Test
    void readersSeeEachWriteWholeOrNotAtAll() throws IOException, InterruptedException, ExecutionException {
        try (var machine = new TestMachine(16_384, 64, 1 << 20)) {
            machine.runPoints();
            var files = new ArrayList<FileHandle>();
            for (int i = 0; i < 8; i++) {
                var create = new CfRequest.Create(
                        machine.rootHandle(), Name.of("f" + i), How.GUARDED, SetAttributes.NOTHING, 0);
                files.add(((CfReply.Created) machine.call(create)).file());
                put(machine, files.get(i), 1);
            }
            try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> running = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    var random = new Random(i);
                    boolean writer = i % 3 == 0;
                    running.add(executor.submit(() -> {
                        for (int n = 0; n < 400; n++) {
                            var file = files.get(random.nextInt(files.size()));
                            if (writer) {
                                put(machine, file, random.nextInt(250));
                            } else {
                                assertUniform(machine.read(file, 0, SIZE_BLOCKS * 4096));
                            }
                        }
                    }));
                }
                for (var task : running) {
                    task.get();
                }
            }
            assertThat(machine.fs.generation()).as("consistency points").isGreaterThan(10);
            machine.stopPoints();
            machine.die();
            machine.boot();
            for (var file : files) {
                assertUniform(machine.read(file, 0, SIZE_BLOCKS * 4096));
            }
        }
    }

    private static void put(TestMachine machine, FileHandle file, int value) {
        byte[] bytes = new byte[SIZE_BLOCKS * 4096];
        Arrays.fill(bytes, (byte) value);
        var request = new CfRequest.Write(file, 0, bytes.length, Stability.FILE_SYNC);
        assertThat(machine.write(machine.root(), request, bytes).status()).isEqualTo(CfStatus.OK);
    }

    private static void assertUniform(byte[] bytes) {
        assertThat(bytes).hasSize(SIZE_BLOCKS * 4096);
        for (byte b : bytes) {
            assertThat(b).isEqualTo(bytes[0]);
        }
    }

    /// Threads that make and remove names in directories of their own and in one that they share.
    @Test
    void namesOfManyThreadsDoNotMix() throws IOException, InterruptedException, ExecutionException {
        try (var machine = new TestMachine(16_384, 256, 2 << 20)) {
            machine.runPoints();
            var shared = directory(machine, "shared");
            try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> running = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    int number = i;
                    running.add(executor.submit(() -> names(machine, shared, number)));
                }
                for (var task : running) {
                    task.get();
                }
            }
            machine.stopPoints();
            machine.die();
            machine.boot();
            assertThat(machine.list(shared, 1_000)).hasSize(2 + THREADS * 100);
            machine.point();
            machine.check();
        }
    }

    private static FileHandle directory(TestMachine machine, String name) {
        var make = new CfRequest.MakeDirectory(machine.rootHandle(), Name.of(name), SetAttributes.NOTHING);
        return ((CfReply.Created) machine.call(make)).file();
    }

    private static void names(TestMachine machine, FileHandle shared, int number) {
        var own = directory(machine, "own-" + number);
        for (int i = 0; i < 300; i++) {
            var name = Name.of("t" + number + "-" + i);
            var create = new CfRequest.Create(own, name, How.GUARDED, SetAttributes.NOTHING, 0);
            assertThat(machine.call(create).status()).isEqualTo(CfStatus.OK);
            if (i % 3 == 0) {
                var move = new CfRequest.Rename(own, name, shared, name);
                assertThat(machine.call(move).status()).isEqualTo(CfStatus.OK);
            } else if (i % 3 == 1) {
                assertThat(machine.call(new CfRequest.Remove(own, name)).status()).isEqualTo(CfStatus.OK);
            }
        }
        assertThat(machine.list(own, 40)).hasSize(2 + 100);
    }

    /// The same call from many threads at once is carried out once.
    @Test
    void aCallSentManyTimesIsMadeOnce() throws IOException, InterruptedException, ExecutionException {
        try (var machine = new TestMachine(8_192, 1_024, 8 << 20)) {
            var caller = machine.root();
            var create = new CfRequest.Create(
                    machine.rootHandle(), Name.of("once"), How.GUARDED, SetAttributes.NOTHING, 0);
            try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<CfReply>> running = new ArrayList<>();
                for (int i = 0; i < 64; i++) {
                    running.add(executor.submit(() ->
                            machine.operations.call(caller, create, MemorySegment.NULL, MemorySegment.NULL)));
                }
                int made = 0;
                for (var task : running) {
                    switch (task.get()) {
                        case CfReply.Created _ -> made++;
                        case CfReply.Dropped _ -> { }
                        case CfReply other -> throw new AssertionError(other);
                    }
                }
                assertThat(made).isPositive();
            }
            assertThat(machine.call(caller, create)).isInstanceOf(CfReply.Created.class);
            assertThat(machine.list(machine.rootHandle(), 10)).hasSize(3);
        }
    }
}
