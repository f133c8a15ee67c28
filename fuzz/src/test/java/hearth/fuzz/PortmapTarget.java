package hearth.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import hearth.domain0.net.PortMap;
import hearth.domain0.net.PortmapperDoor;
import hearth.domain0.net.PortmapperDoor.Cut;

/// The stream of a connection to the portmapper: record marking, then calls. The first byte says in what pieces it
/// comes, which must not matter, and nothing that was called before changes what is told.
final class PortmapTarget implements Target {
    private static final int LAST = 1 << 31;
    private static final int NFS_PORT = 2049;
    private static final int PORTMAPPER = 100_000;
    private static final int REPLY_BYTES_MAX = 128;
    private static final byte[] ASK = call(3, Calls.NFS, 3, 6, 0);

    private final PortMap map = new PortMap(NFS_PORT);
    private final ByteBuffer told = map.answer(ByteBuffer.wrap(ASK)).orElseThrow();

    @Override
    public void accept(byte[] input) {
        cut(input).records().forEach(this::answer);
        Property.holds(map.answer(ByteBuffer.wrap(ASK)).orElseThrow().equals(told), "another port is told");
    }

    private static Cut cut(byte[] input) {
        int pieceBytes = 1 + (input.length == 0 ? 0 : Byte.toUnsignedInt(input[0]));
        byte[] stream = Arrays.copyOfRange(input, Math.min(1, input.length), input.length);
        Cut whole = PortmapperDoor.cut(stream, Integer.MAX_VALUE / 2);
        Cut pieces = PortmapperDoor.cut(stream, pieceBytes);
        Property.holds(whole.excessive() == pieces.excessive()
                && whole.records().size() == pieces.records().size(), "the pieces of a stream matter");
        for (int i = 0; i < whole.records().size(); i++) {
            Property.holds(Arrays.equals(whole.records().get(i), pieces.records().get(i)),
                    "the pieces of a stream matter for record " + i);
        }
        return whole;
    }

    private void answer(byte[] record) {
        Optional<ByteBuffer> reply = map.answer(ByteBuffer.wrap(record));
        if (reply.isPresent()) {
            Property.holds(reply.get().remaining() >= 20 && reply.get().remaining() <= REPLY_BYTES_MAX,
                    "a reply of " + reply.get().remaining() + " bytes");
            Property.holds(reply.get().getInt(0) == ByteBuffer.wrap(record).getInt(0) && reply.get().getInt(4) == 1,
                    "another call's reply");
        }
    }

    /// Believes whoever says that NFS is elsewhere.
    @Override
    public void acceptPlanted(byte[] input) {
        for (byte[] record : cut(input).records()) {
            ByteBuffer call = ByteBuffer.wrap(record);
            if (record.length == ASK.length && map.answer(call.duplicate()).isPresent()
                    && call.getInt(12) == PORTMAPPER && call.getInt(20) == 1 && call.getInt(40) == Calls.NFS) {
                throw new PlantedBug("somebody else's port");
            }
        }
    }

    private static byte[] call(int procedure, int... arguments) {
        return new Calls.Args().i(7, 0, 2, PORTMAPPER, 2, procedure, 0, 0, 0, 0).i(arguments).bytes();
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(
                stream(255, ASK, ASK.length),
                stream(5, ASK, 12),
                stream(100, call(4), 40),
                stream(70, call(0), 40));
    }

    /// A message in two fragments, or one when the first has all of it.
    private static byte[] stream(int pieceBytes, byte[] message, int firstBytes) {
        var stream = new ByteArrayOutputStream();
        stream.write(pieceBytes - 1);
        int rest = message.length - firstBytes;
        stream.writeBytes(new Calls.Args().i(firstBytes | (rest == 0 ? LAST : 0)).bytes());
        stream.write(message, 0, firstBytes);
        if (rest > 0) {
            stream.writeBytes(new Calls.Args().i(rest | LAST).bytes());
            stream.write(message, firstBytes, rest);
        }
        return stream.toByteArray();
    }
}
