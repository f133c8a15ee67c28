package hearth.base.posix;

import java.io.DataInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/// Goal: the bytes of a vector arrive in order, however little the kernel takes at a time. Method: TCP on loopback with
/// a reader that waits, and unix messages where all of it fits.
class IoVectorTest {
    private final MemorySegment memory = Arena.ofAuto().allocate(1 << 20, 4096);

    IoVectorTest() {
        byte[] bytes = new byte[(int) memory.byteSize()];
        new Random(7).nextBytes(bytes);
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
    }

    private static byte[] received(IoVector vector) throws IOException {
        int[] ends = Sockets.pair();
        try {
            Sockets.sendVector(ends[0], vector);
            var buffer = Arena.ofAuto().allocate(100_000);
            int length = Sockets.receive(ends[1], buffer, 0).length();
            return buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        } finally {
            Descriptors.close(ends[0]);
            Descriptors.close(ends[1]);
        }
    }

    private byte[] expected(int... places) {
        int length = 0;
        for (int i = 1; i < places.length; i += 2) {
            length += places[i];
        }
        byte[] all = new byte[length];
        int at = 0;
        for (int i = 0; i < places.length; i += 2) {
            MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, places[i], all, at, places[i + 1]);
            at += places[i + 1];
        }
        return all;
    }

    @Test
    void theHeadGoesFirstAndThePartsInTheirOrder() throws IOException {
        var vector = new IoVector(3);
        vector.add(memory, 5000, 100);
        vector.add(memory, 100, 7);
        assertThat(vector.room()).isOne();
        vector.head(memory.asSlice(40, 3));
        assertThat(vector.byteSize()).isEqualTo(110);
        assertThat(received(vector)).isEqualTo(expected(40, 3, 5000, 100, 100, 7));
        assertThat(vector.byteSize()).isZero();
    }

    @Test
    void neighboursAreOnePartAndTheHeadIsNobodysNeighbour() throws IOException {
        var vector = new IoVector(2);
        vector.add(memory, 4, 4);
        vector.add(memory, 8, 8);
        vector.add(memory, 16, 1);
        assertThat(vector.room()).isOne();
        vector.add(memory, 100, 4);
        assertThat(vector.room()).isZero();
        vector.head(memory.asSlice(0, 4));
        assertThat(received(vector)).isEqualTo(expected(0, 17, 100, 4));
    }

    @Test
    void aReleasedVectorIsEmptyAndReleasesOnce() throws IOException {
        var vector = new IoVector(4);
        int[] released = {0};
        vector.add(memory, 0, 10);
        vector.head(memory.asSlice(50, 10));
        vector.hold(() -> released[0]++);
        vector.sent(13);
        vector.release();
        vector.release();
        assertThat(released[0]).isOne();
        assertThat(vector.byteSize()).isZero();
        assertThat(vector.room()).isEqualTo(4);
        vector.add(memory, 70, 5);
        assertThat(received(vector)).isEqualTo(expected(70, 5));
    }

    @Test
    void partsOutsideTheirMemoryOrBeyondTheRoomAreBugs() {
        var vector = new IoVector(1);
        assertThatExceptionOfType(Error.class).isThrownBy(() -> vector.add(memory, (1 << 20) - 4, 5));
        assertThatExceptionOfType(Error.class).isThrownBy(() -> vector.add(MemorySegment.ofArray(new byte[8]), 0, 8));
        vector.add(memory, 0, 1);
        assertThatExceptionOfType(Error.class).isThrownBy(() -> vector.add(memory, 8, 1));
        assertThatExceptionOfType(Error.class).isThrownBy(() -> vector.sent(2));
        assertThatExceptionOfType(Error.class).isThrownBy(() -> IoVector.NONE.add(memory, 0, 1));
    }

    @Test
    void whatTheKernelDoesNotTakeStaysAndFollows() throws IOException {
        int listener = Sockets.listenTcp(new byte[] {127, 0, 0, 1}, 0, 1);
        try (var reader = new Socket(InetAddress.getLoopbackAddress(), Sockets.port(listener))) {
            await().until(() -> acceptInto(listener));
            long before = 0;
            for (int sent = 0; sent >= 0; sent = Sockets.sendFrom(accepted, memory)) {
                before += sent;
            }
            int[] places = new int[512];
            places[0] = 1;
            places[1] = 31;
            var vector = new IoVector(255);
            for (int part = 1; part < 256; part++) {
                places[2 * part] = (255 - part) * 4096 + part;
                places[2 * part + 1] = 3840 + part;
                vector.add(memory, places[2 * part], places[2 * part + 1]);
            }
            vector.head(memory.asSlice(1, 31));
            var in = new DataInputStream(reader.getInputStream());
            int partial = 0;
            while (vector.byteSize() > 0) {
                long left = vector.byteSize();
                long sent = Sockets.sendVector(accepted, vector);
                assertThat(vector.byteSize()).isEqualTo(left - Math.max(0, sent));
                partial += sent > 0 && sent < left ? 1 : 0;
                int drained = (int) Math.min(before, 30_011);
                in.skipNBytes(drained);
                before -= drained;
            }
            in.skipNBytes(before);
            byte[] expected = expected(places);
            byte[] got = new byte[expected.length];
            in.readFully(got);
            assertThat(got).isEqualTo(expected);
            assertThat(partial).isPositive();
        } finally {
            Descriptors.close(listener);
            Descriptors.close(accepted);
        }
    }

    private int accepted = -1;

    private boolean acceptInto(int listener) throws IOException {
        accepted = Sockets.accept(listener);
        return accepted >= 0;
    }
}
