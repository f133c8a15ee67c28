package hearth.nmodule.net;

import java.io.DataInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import hearth.base.Units;
import hearth.base.posix.IoVector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/// All of the reactor's tests once more, with large replies whose data stands elsewhere. Method: blocks of a memory of
/// their own, which are overwritten as soon as a reply lets them go.
class ReactorGatherTest extends ReactorTest {
    private static final int HEAD = 4;
    private static final int BLOCK = Units.BLOCK_SIZE;
    private static final int GATHERED_BYTES_MIN = 5_000;

    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger gathered = new AtomicInteger();

    @Override
    boolean atHand() {
        return true;
    }

    /// Blocks lie in descending order, so that none is another one's neighbour.
    @Override
    void gather(int length, MemorySegment reply, IoVector parts) {
        if (length < GATHERED_BYTES_MIN) {
            return;
        }
        int data = length - HEAD & ~3;
        int blocks = (data + BLOCK - 1) / BLOCK;
        if (blocks + 1 > parts.room() || HEAD + data != length) {
            return;
        }
        int id = reply.get(ValueLayout.JAVA_INT_UNALIGNED, 0);
        var memory = Arena.ofAuto().allocate((long) blocks * BLOCK, BLOCK);
        for (int i = 0; i < blocks; i++) {
            long at = (long) (blocks - 1 - i) * BLOCK;
            int count = Math.min(BLOCK, data - i * BLOCK);
            memory.asSlice(at, count).fill((byte) (Integer.reverseBytes(id) + i));
            parts.add(memory, at, count);
        }
        reply.asSlice(HEAD).fill((byte) -1);
        held.incrementAndGet();
        gathered.incrementAndGet();
        parts.hold(() -> {
            memory.fill((byte) -2);
            held.decrementAndGet();
        });
    }

    @Override
    void stopped() {
        await().untilAsserted(() -> assertThat(held).hasValue(0));
    }

    private static void takeWhole(DataInputStream in, int length) throws IOException {
        assertThat(in.readInt()).isEqualTo(length | 1 << 31);
        int id = in.readInt();
        byte[] data = new byte[length - HEAD];
        in.readFully(data);
        for (int i = 0; i < data.length; i++) {
            if (data[i] != (byte) (id + i / BLOCK)) {
                throw new AssertionError("reply " + id + " has at " + i + " the byte " + data[i]);
            }
        }
    }

    @Test
    void partsArriveWholeThoughTheReaderIsSlowAndSmallRepliesStandBetween() throws IOException {
        var socket = connect();
        List<Integer> lengths = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int length = i % 3 == 0 ? 100 : HEAD + (i % 4 + 1) * 100_000;
            lengths.add(length);
            call(socket, length, i);
        }
        await().until(() -> held.get() > 0);
        var in = new DataInputStream(socket.getInputStream());
        for (int i = 0; i < lengths.size(); i++) {
            if (lengths.get(i) < GATHERED_BYTES_MIN) {
                assertThat(reply(socket, lengths.get(i))).isEqualTo(i);
            } else {
                takeWhole(in, lengths.get(i));
            }
        }
        assertThat(gathered.get()).isEqualTo(26);
    }

    @Test
    void whatAVanishedClientDidNotTakeIsLetGo() throws IOException {
        var socket = connect();
        for (int i = 0; i < 20; i++) {
            call(socket, HEAD + Units.MIB, i);
        }
        await().until(() -> held.get() > 2);
        reply(socket, HEAD + Units.MIB);
        socket.setSoLinger(true, 0);
        socket.close();
        await().untilAsserted(() -> assertThat(held).hasValue(0));
    }
}
