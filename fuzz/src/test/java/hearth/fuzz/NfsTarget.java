package hearth.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

import hearth.cf.Caller;
import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfService;
import hearth.cf.Lpc;
import hearth.dmodule.filesystem.operation.DmoduleDoor;
import hearth.nmodule.net.RecordService;
import hearth.nmodule.nfs.NfsDoor;

/// The arguments of all procedures, through CF to a file system on memory. The first byte is the procedure, from 32 on
/// one of MOUNT; the rest are its arguments. A file system takes many inputs; it dies and is replayed between them, and
/// is checked before it is thrown away.
final class NfsTarget implements Target {
    private static final int INPUTS_PER_LIFE = 400;
    private static final int INPUTS_PER_MACHINE = 2_000;
    private static final int MOUNT_FROM = 32;
    private static final long SIZE_PLANTED = 1L << 52;

    private boolean planted;
    private DmoduleDoor machine = made();
    private RecordService server = served();
    private int inputs;

    private static DmoduleDoor made() {
        try {
            return new DmoduleDoor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RecordService served() {
        return NfsDoor.server(new Storage(new Lpc(machine.service())));
    }

    /// The way to the D-module, which the twin forgets to guard.
    private final class Storage implements CfService {
        private final CfService below;

        Storage(CfService below) {
            this.below = below;
        }

        @Override
        public CfReply call(Caller caller, CfRequest request, MemorySegment payload, MemorySegment room) {
            if (planted && request instanceof CfRequest.Change change
                    && change.change().sizeBytes().orElse(0) > SIZE_PLANTED) {
                throw new PlantedBug("a size that no file can have");
            }
            return below.call(caller, request, payload, room);
        }

        @Override
        public Optional<CfReply> tryCall(
                Caller caller, CfRequest request, MemorySegment payload, MemorySegment room) {
            return below.tryCall(caller, request, payload, room);
        }
    }

    @Override
    public void accept(byte[] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        between();
        int procedure = Byte.toUnsignedInt(input[0]);
        byte[] arguments = new byte[input.length - 1];
        System.arraycopy(input, 1, arguments, 0, arguments.length);
        // Each call has a number of its own: the same bytes again are not a repetition.
        Calls.answer(server, procedure < MOUNT_FROM
                ? Calls.message(inputs, Calls.NFS, procedure, arguments)
                : Calls.message(inputs, Calls.MOUNT, procedure - MOUNT_FROM, arguments));
    }

    private void between() throws IOException {
        inputs++;
        machine.pointIfWanted();
        if (inputs % INPUTS_PER_MACHINE == 0) {
            machine.check();
            machine = made();
            server = served();
        } else if (inputs % INPUTS_PER_LIFE == 0) {
            machine.die();
            server = served();
        }
    }

    /// Lets any size through to the file system.
    @Override
    public void acceptPlanted(byte[] input) throws IOException {
        planted = true;
        accept(input);
    }

    @Override
    public List<byte[]> seeds() {
        byte[] root = NfsDoor.bytes(machine.root());
        return List.of(
                call(1, args(root)),
                call(2, args(root).i(1, 0644, 0, 0, 1).l(100).i(1, 2, 5, 6, 0)),
                call(3, args(root).text("a")),
                call(4, args(root).i(63)),
                call(6, args(root).l(0).i(100)),
                call(7, args(root).l(0).i(8, 2).opaque(new byte[8])),
                call(8, args(root).text("a").i(0, 1, 0644, 0, 0, 0, 0, 0)),
                call(8, args(root).text("b").i(2).l(99)),
                call(9, args(root).text("d").i(1, 0755, 0, 0, 0, 0, 0)),
                call(10, args(root).text("s").i(0, 0, 0, 0, 0, 0).text("to")),
                call(11, args(root).text("n").i(3, 0, 0, 0, 0, 0, 0, 1, 2)),
                call(12, args(root).text("a")),
                call(13, args(root).text("d")),
                call(14, args(root).text("a").opaque(root).text("c")),
                call(15, args(root).opaque(root).text("l")),
                call(16, args(root).l(0).l(0).i(4096)),
                call(17, args(root).l(0).l(0).i(1024, 4096)),
                call(18, args(root)),
                call(19, args(root)),
                call(20, args(root)),
                call(21, args(root).l(0).i(0)),
                call(MOUNT_FROM + 1, new Calls.Args().text("/vol0/d")),
                call(MOUNT_FROM + 5, new Calls.Args()));
    }

    private static Calls.Args args(byte[] handle) {
        return new Calls.Args().opaque(handle);
    }

    private static byte[] call(int procedure, Calls.Args arguments) {
        byte[] bytes = arguments.bytes();
        byte[] input = new byte[1 + bytes.length];
        input[0] = (byte) procedure;
        System.arraycopy(bytes, 0, input, 1, bytes.length);
        return input;
    }
}
