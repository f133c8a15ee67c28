package hearth.fuzz;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

import hearth.base.posix.IoVector;
import hearth.nmodule.net.RecordService;
import hearth.nmodule.net.RecordService.PreparedCall;

/// RPC calls as bytes, and the way of one through the server without a connection.
final class Calls {
    static final int NFS = 100003;
    static final int MOUNT = 100005;

    private static final byte[] CLIENT = {127, 0, 0, 1};
    private static final int REPLY_BYTES_MAX = 8 << 20;
    private static final MemorySegment RECORD = Arena.global().allocate(1 << 21, 64);
    private static final IoVector PARTS = new IoVector(300);
    private static final MemorySegment REPLY = Arena.global().allocate(REPLY_BYTES_MAX, 64);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private Calls() {}

    /// XDR data being put together.
    static final class Args {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Args i(int... values) {
            for (int value : values) {
                bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
            }
            return this;
        }

        Args l(long value) {
            return i((int) (value >>> Integer.SIZE), (int) value);
        }

        Args raw(byte[] value) {
            bytes.writeBytes(value);
            return this;
        }

        Args opaque(byte[] value) {
            return i(value.length).raw(value).raw(new byte[-value.length & 3]);
        }

        Args text(String value) {
            return opaque(value.getBytes(StandardCharsets.UTF_8));
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }
    }

    /// A call message by root, with AUTH_SYS.
    static byte[] message(int xid, int program, int procedure, byte[] arguments) {
        byte[] unix = new Args().i(0).text("client").i(0, 0, 1, 5).bytes();
        return new Args().i(xid, 0, 2, program, 3, procedure).i(1).opaque(unix).i(0, 0).raw(arguments).bytes();
    }

    /// Answers a record, if it can be answered, into exactly the room that the server asked for, and looks whether the
    /// reply is one to this record.
    static void answer(RecordService server, byte[] record) {
        MemorySegment received = RECORD.asSlice(0, record.length);
        MemorySegment.copy(record, 0, received, ValueLayout.JAVA_BYTE, 0, record.length);
        Optional<PreparedCall> call = server.prepare(CLIENT, received);
        if (call.isEmpty()) {
            return;
        }
        int room = call.get().replyBytesMax();
        Property.holds(room > 0 && room <= REPLY_BYTES_MAX, "a reply of up to " + room + " bytes");
        MemorySegment reply = REPLY.asSlice(0, room);
        int length = call.get().tryAnswer(reply, PARTS);
        PARTS.release();
        if (length == RecordService.WOULD_WAIT) {
            length = call.get().answer(reply);
        }
        if (length == RecordService.NO_REPLY) {
            return;
        }
        Property.holds(length >= 12 && length <= room && length % 4 == 0, "a reply of " + length + " bytes");
        Property.holds(reply.get(INT, 0) == received.get(INT, 0) && reply.get(INT, 4) == 1, "another call's reply");
        call.get().sent();
    }
}
