package hearth.hypervisor;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

import hearth.base.posix.Privileges;
import hearth.base.posix.Processes;
import hearth.base.posix.Sockets;

/// A guest that others try to get at: it has a secret in its memory and a listening abstract socket, says so and waits.
/// Arguments: the expected parent, the socket's name, `closed` or `open` to others of its user.
final class QuietGuest {
    static final long SECRET = 0x5EC2E7_5EC2E7L;
    private static final int CHANNEL = 3;

    private QuietGuest() {}

    public static void main(String[] args) throws IOException {
        Processes.dieWithParent(Integer.parseInt(args[0]));
        if (args[2].equals("closed")) {
            Privileges.closeToOthers();
        } else {
            RawCalls.letOthersTrace();
        }
        RawCalls.listenAbstract(args[1]);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment secret = arena.allocateFrom(ValueLayout.JAVA_LONG, SECRET);
            byte[] where = Long.toString(secret.address()).getBytes(StandardCharsets.US_ASCII);
            Sockets.send(CHANNEL, arena.allocateFrom(ValueLayout.JAVA_BYTE, where));
            Processes.awaitExit(Processes.pidfd(Processes.pid()), -1);
        }
    }
}
