package hearth.memory.duplicates;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

import org.junit.jupiter.api.Test;

import hearth.memory.area.WatchedMemory;
import hearth.memory.log.CallIdentity;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: a call gets exactly its first answer or none.
/// Method: real memory, copied after each store; noise in each byte.
class DuplicateTableTest {
    private static final long SEED = 77;
    private static final byte[] CLIENT = {10, 0, 0, 1};

    private static MemorySegment memory(int entries) {
        return Arena.ofAuto().allocate(DuplicateTableLayout.sizeBytes(entries), 64);
    }

    private static CallIdentity call(int xid) {
        return CallIdentity.of(CLIENT, xid, xid * 1000L);
    }

    private static byte[] reply(int length, int value) {
        byte[] reply = new byte[length];
        Arrays.fill(reply, (byte) value);
        return reply;
    }

    private static void assertAnswer(DuplicateTable table, CallIdentity call, long lsn, byte[] reply) {
        assertThat(table.get(call)).isInstanceOfSatisfying(DuplicateTable.Lookup.Answered.class, answered -> {
            assertThat(answered.lsn()).isEqualTo(lsn);
            assertThat(answered.reply()).isEqualTo(reply);
        });
    }

    @Test
    void aCallGetsItsFirstAnswer() {
        var memory = memory(64);
        var table = new DuplicateTable(memory, 64, SEED);
        table.put(call(1), 10, reply(512, 1));
        table.put(call(2), 11, reply(0, 0));
        var successor = new DuplicateTable(memory, 64, SEED);
        assertAnswer(successor, call(1), 10, reply(512, 1));
        assertAnswer(successor, call(2), 11, reply(0, 0));
        assertThat(successor.get(call(3))).isEqualTo(new DuplicateTable.Lookup.Unknown());
        assertThat(new DuplicateTable(memory, 64, SEED + 1).get(call(1)))
                .as("another region's").isEqualTo(new DuplicateTable.Lookup.Unknown());
    }

    @Test
    void anotherCallWithTheSameXidIsUnknownAndReplacesTheOlder() {
        var table = new DuplicateTable(memory(8), 8, SEED);
        table.put(call(1), 10, reply(4, 1));
        var other = CallIdentity.of(CLIENT, 1, 5);
        assertThat(table.get(other)).isEqualTo(new DuplicateTable.Lookup.Unknown());
        table.put(other, 20, reply(4, 2));
        assertAnswer(table, other, 20, reply(4, 2));
        assertThat(table.get(call(1))).isEqualTo(new DuplicateTable.Lookup.Unknown());
        table.put(call(1), 10, reply(4, 1));
        assertAnswer(table, other, 20, reply(4, 2));
    }

    @Test
    void theLowestLsnOfASetGivesWay() {
        var table = new DuplicateTable(memory(8), 8, SEED);
        for (int xid = 1; xid <= 9; xid++) {
            table.put(call(xid), 100 - xid, reply(4, xid));
        }
        assertThat(table.get(call(8))).isEqualTo(new DuplicateTable.Lookup.Unknown());
        for (int xid = 1; xid <= 9; xid++) {
            if (xid != 8) {
                assertAnswer(table, call(xid), 100 - xid, reply(4, xid));
            }
        }
    }

    @Test
    void deathAfterAnyStoreLeavesTheFirstAnswerOrNone() {
        var watched = new WatchedMemory(memory(8));
        var table = new DuplicateTable(watched, 8, SEED);
        int[] newest = {0};
        watched.watch(() -> {
            var left = new DuplicateTable(watched.snapshot(), 8, SEED);
            int kept = 0;
            for (int xid = 1; xid <= newest[0]; xid++) {
                if (left.get(call(xid)) instanceof DuplicateTable.Lookup.Answered(long lsn, byte[] reply)) {
                    assertThat(lsn).isEqualTo(xid);
                    assertThat(reply).isEqualTo(reply(40 + xid, xid));
                    kept++;
                }
            }
            assertThat(kept).isGreaterThanOrEqualTo(Math.min(newest[0] - 1, 7));
        });
        for (int xid = 1; xid <= 30; xid++) {
            newest[0] = xid;
            table.put(call(xid), xid, reply(40 + xid, xid));
        }
    }

    @Test
    void noiseInAnyByteMakesAnEntryUnknown() {
        var memory = memory(8);
        var table = new DuplicateTable(memory, 8, SEED);
        table.put(call(1), 10, reply(30, 1));
        long at = 0;
        while (memory.get(ValueLayout.JAVA_LONG, at) == 0) {
            at += DuplicateTableLayout.SIZE;
        }
        for (int i = DuplicateTableLayout.LSN_OFFSET; i < DuplicateTableLayout.REPLY_OFFSET + 30; i++) {
            byte good = memory.get(ValueLayout.JAVA_BYTE, at + i);
            memory.set(ValueLayout.JAVA_BYTE, at + i, (byte) (good ^ 0x40));
            assertThat(table.get(call(1))).as("byte %d", i).isEqualTo(new DuplicateTable.Lookup.Unknown());
            memory.set(ValueLayout.JAVA_BYTE, at + i, good);
        }
        assertAnswer(table, call(1), 10, reply(30, 1));
    }
}
