package hearth.dmodule.filesystem.operation;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import hearth.cf.Caller;
import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfStatus;
import hearth.cf.FileHandle;
import hearth.cf.FileType;
import hearth.cf.Lpc;
import hearth.cf.Name;
import hearth.cf.SetAttributes;
import hearth.cf.Stability;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: no call that a protocol server lets through, however odd its numbers, ends the guest: it gets a reply, and
/// what was recorded can be replayed. Method: random calls of extreme values, consistency points and deaths between
/// them; any escaped exception fails the test.
class OddRequestsTest {
    private static final long[] NUMBERS = {
        0, 1, 2, 4095, 4096, 4097, 1 << 20, (1L << 40) - 1, 1L << 40, 1L << 52, WritePlanner.SIZE_MAX - 1,
        WritePlanner.SIZE_MAX, WritePlanner.SIZE_MAX + 1, Long.MAX_VALUE - (1 << 20), Long.MAX_VALUE - 1, Long.MAX_VALUE
    };
    private static final int[] COUNTS = {0, 1, 100, 4095, 4096, 4097, 8192, 65_537, (1 << 20) - 1, 1 << 20};
    private static final int CALLS = 6_000;

    private final byte[] bytes = new byte[1 << 20];
    private final List<FileHandle> handles = new ArrayList<>();
    private Random random = new Random();

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void oddNumbersGetAReplyAndCanBeReplayed(long seed) throws Exception {
        random = new Random(seed);
        random.nextBytes(bytes);
        try (var machine = new TestMachine(40_000, 2_000, 8 << 20)) {
            handles.add(machine.rootHandle());
            int done = 0;
            for (int i = 0; i < CALLS; i++) {
                var reply = call(machine);
                done += reply.status() == CfStatus.OK ? 1 : 0;
                if (reply instanceof CfReply.Created created) {
                    handles.add(created.file());
                }
                between(machine);
            }
            assertThat(done).as("calls that did something").isGreaterThan(CALLS / 20);
        }
    }

    private CfReply call(TestMachine machine) {
        var lpc = new Lpc(machine.operations);
        int uid = random.nextInt(4) == 0 ? 1_000 : 0;
        Caller caller = machine.caller(uid, uid);
        return lpc.call(caller, request(), MemorySegment.ofArray(bytes), MemorySegment.ofArray(bytes.clone()));
    }

    private void between(TestMachine machine) throws IOException {
        if (machine.pointWanted || random.nextInt(200) == 0) {
            machine.point();
        }
        if (random.nextInt(500) == 0) {
            machine.die();
            machine.boot();
        }
    }

    private CfRequest request() {
        var file = handle();
        return switch (random.nextInt(20)) {
            case 0 -> new CfRequest.GetAttributes(file);
            case 1 -> new CfRequest.Lookup(file, name());
            case 2 -> new CfRequest.Access(file, random.nextInt());
            case 3 -> new CfRequest.ReadLink(file);
            case 4 -> new CfRequest.Read(file, number(), count());
            case 5 -> new CfRequest.ReadDirectory(
                    file, random.nextBoolean() ? random.nextLong() : number(), random.nextInt(3), small(), small(),
                    random.nextBoolean());
            case 6 -> new CfRequest.FileSystemStatistics(file);
            case 7 -> new CfRequest.Commit(file, number(), random.nextInt());
            case 8, 9 -> new CfRequest.Change(
                    file, attributes(), random.nextInt(5) == 0 ? OptionalLong.of(number()) : OptionalLong.empty());
            case 10, 11, 12 -> new CfRequest.Write(file, number(), count(), pick(Stability.values()));
            case 13 -> new CfRequest.Create(
                    file, name(), pick(CfRequest.Create.How.values()), attributes(), random.nextInt(2));
            case 14 -> new CfRequest.MakeDirectory(file, name(), attributes());
            case 15 -> new CfRequest.SymbolicLink(
                    file,
                    name(),
                    attributes(),
                    new byte[Math.min(4_096, random.nextInt(3) * 2_048 + random.nextInt(2) * 160)]);
            case 16 -> new CfRequest.MakeNode(
                    file, name(), pick(FileType.values()), attributes(), random.nextInt(), random.nextInt());
            case 17 -> random.nextBoolean()
                    ? new CfRequest.Remove(file, name()) : new CfRequest.RemoveDirectory(file, name());
            case 18 -> new CfRequest.Rename(file, name(), handle(), name());
            default -> new CfRequest.Link(file, handle(), name());
        };
    }

    private FileHandle handle() {
        var some = random.nextInt(3) == 0 ? handles.getFirst() : handles.get(random.nextInt(handles.size()));
        return switch (random.nextInt(24)) {
            case 0 -> new FileHandle(random.nextLong(), 1, 64, 1);
            case 1 -> new FileHandle(some.aggregateId(), random.nextInt(), some.inode(), some.generation());
            case 2 -> new FileHandle(some.aggregateId(), 1 + random.nextInt(3), some.inode(), some.generation());
            case 3 -> new FileHandle(some.aggregateId(), 1, random.nextLong(), random.nextInt());
            case 4 -> new FileHandle(some.aggregateId(), 1, number() - 1, random.nextInt(3));
            default -> some;
        };
    }

    private Name name() {
        return switch (random.nextInt(20)) {
            case 0 -> Name.of(".");
            case 1 -> Name.of("..");
            case 2 -> Name.of("x".repeat(255));
            default -> Name.of("n" + random.nextInt(24));
        };
    }

    private SetAttributes attributes() {
        return new SetAttributes(
                random.nextBoolean() ? OptionalInt.of(random.nextInt()) : OptionalInt.of(0_777),
                random.nextInt(6) == 0 ? OptionalInt.of(random.nextInt()) : OptionalInt.empty(),
                random.nextInt(6) == 0 ? OptionalInt.of(random.nextInt()) : OptionalInt.empty(),
                random.nextInt(3) == 0 ? OptionalLong.of(number()) : OptionalLong.empty(),
                time(),
                time());
    }

    private Optional<SetAttributes.SetTime> time() {
        return switch (random.nextInt(4)) {
            case 0 -> Optional.of(new SetAttributes.SetTime.ServerTime());
            case 1 -> Optional.of(new SetAttributes.SetTime.ClientTime(0xFFFF_FFFFL * 1_000_000_000L + 999_999_999));
            default -> Optional.empty();
        };
    }

    private long number() {
        return random.nextInt(3) == 0 ? NUMBERS[random.nextInt(NUMBERS.length)] : random.nextInt(200_000);
    }

    private int count() {
        return random.nextInt(3) == 0 ? COUNTS[random.nextInt(COUNTS.length)] : random.nextInt(9_000);
    }

    private int small() {
        return random.nextInt(3) == 0 ? Integer.MAX_VALUE : random.nextInt(600);
    }

    private <T> T pick(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
