package hearth.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfStatus;
import hearth.cf.Export;
import hearth.cf.FileHandle;
import hearth.nmodule.net.AssemblerDoor;
import hearth.nmodule.net.AssemblerDoor.Cut;
import hearth.nmodule.net.RecordService;
import hearth.nmodule.nfs.NfsDoor;

/// The stream of a connection: record marking, then the call's header, credentials and arguments, up to a storage that
/// refuses everything. The first byte says in what pieces the stream comes, which must not matter.
final class RpcTarget implements Target {
    private static final int LAST = 1 << 31;
    private static final FileHandle ROOT = new FileHandle(77, 1, 64, 1);

    private final RecordService server = NfsDoor.server((caller, request, payload, room) ->
            request instanceof CfRequest.ListExports
                    ? new CfReply.Exports(List.of(
                            new Export("/vol0", ROOT, false, List.of(), Export.Squash.ROOT, 65534, 65534)))
                    : CfReply.Failed.of(CfStatus.NOT_FOUND));

    @Override
    public void accept(byte[] input) {
        cut(input).records().forEach(record -> Calls.answer(server, record));
    }

    private static Cut cut(byte[] input) {
        int pieceBytes = 1 + (input.length == 0 ? 0 : Byte.toUnsignedInt(input[0]));
        byte[] stream = Arrays.copyOfRange(input, Math.min(1, input.length), input.length);
        Cut whole = AssemblerDoor.cut(stream, Integer.MAX_VALUE);
        Cut pieces = AssemblerDoor.cut(stream, pieceBytes);
        Property.holds(whole.excessive() == pieces.excessive()
                && whole.records().size() == pieces.records().size(), "the pieces of a stream matter");
        for (int i = 0; i < whole.records().size(); i++) {
            Property.holds(Arrays.equals(whole.records().get(i), pieces.records().get(i)),
                    "the pieces of a stream matter for record " + i);
        }
        return whole;
    }

    /// Takes a record to end before a last fragment that is empty.
    @Override
    public void acceptPlanted(byte[] input) {
        if (cut(input).excessive() || input.length < 5) {
            return;
        }
        var stream = ByteBuffer.wrap(input, 1, input.length - 1);
        boolean begun = false;
        while (stream.remaining() >= Integer.BYTES) {
            int header = stream.getInt();
            int length = header & ~LAST;
            if (begun && header == LAST) {
                throw new PlantedBug("a record without its end");
            }
            if (length > stream.remaining()) {
                return;
            }
            stream.position(stream.position() + length);
            begun = header >= 0 && (begun || length > 0);
        }
    }

    @Override
    public List<byte[]> seeds() {
        byte[] handle = NfsDoor.bytes(ROOT);
        byte[] getattr = Calls.message(7, Calls.NFS, 1, new Calls.Args().opaque(handle).bytes());
        byte[] lookup = Calls.message(8, Calls.NFS, 3, new Calls.Args().opaque(handle).text("name").bytes());
        byte[] mount = Calls.message(9, Calls.MOUNT, 1, new Calls.Args().text("/vol0").bytes());
        byte[] list = Calls.message(10, Calls.MOUNT, 5, new byte[0]);
        return List.of(
                stream(200, getattr, getattr.length),
                stream(3, lookup, 40),
                stream(60, mount, mount.length),
                stream(20, list, 12));
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
