package hearth.domain0.net;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// What a portmapper says: the program 100000 in version 2 (RFC 1057, appendix A; RFC 1833, section 3), read-only. One
/// call in, one reply out; no thread, no socket. Any thread may call.
///
/// Ports are told to anybody: who may use what is behind them is the exports' to say. SET and UNSET are answered with
/// false, so that no other program puts itself in our place. CALLIT is not answered, as the RFC wants it of a call that
/// did not succeed.
public final class PortMap {
    /// The well-known port.
    public static final int PORT = 111;

    static final int TCP = 6;
    static final int UDP = 17;

    /// No call that means anything here is longer: the header, credentials and verifier as long as they may be, four
    /// numbers.
    static final int CALL_BYTES_MAX = 1024;

    private static final int PROGRAM = 100_000;
    private static final int VERSION = 2;
    private static final int NFS = 100_003;
    private static final int MOUNT = 100_005;
    private static final int NFS_VERSION = 3;

    private static final int CALL = 0;
    private static final int REPLY = 1;
    private static final int RPC_VERSION = 2;
    private static final int ACCEPTED = 0;
    private static final int DENIED = 1;
    private static final int RPC_MISMATCH = 0;
    private static final int SUCCESS = 0;
    private static final int PROGRAM_UNAVAILABLE = 1;
    private static final int PROGRAM_MISMATCH = 2;
    private static final int PROCEDURE_UNAVAILABLE = 3;
    private static final int GARBAGE_ARGUMENTS = 4;

    private static final int NULL = 0;
    private static final int SET = 1;
    private static final int UNSET = 2;
    private static final int GETPORT = 3;
    private static final int DUMP = 4;
    private static final int CALLIT = 5;

    private static final int OPAQUE_AUTH_BYTES_MAX = 400;
    private static final int MAPPING_SIZE = 4 * Integer.BYTES;
    private static final int HEADER_BYTES_MAX = 9 * Integer.BYTES;

    private final List<Mapping> mappings;

    /// One line of what there is.
    record Mapping(int program, int version, int protocol, int port) {}

    /// NFS and MOUNT on one TCP port, and the portmapper itself.
    public PortMap(int nfsPort) {
        mappings = List.of(
                new Mapping(PROGRAM, VERSION, TCP, PORT),
                new Mapping(PROGRAM, VERSION, UDP, PORT),
                new Mapping(NFS, NFS_VERSION, TCP, nfsPort),
                new Mapping(MOUNT, NFS_VERSION, TCP, nfsPort));
    }

    /// The reply to a message, ready to be read; empty for what is no call, or gets no answer.
    public Optional<ByteBuffer> answer(ByteBuffer message) {
        if (message.remaining() < 6 * Integer.BYTES) {
            return Optional.empty();
        }
        int xid = message.getInt();
        if (message.getInt() != CALL) {
            return Optional.empty();
        }
        var reply = ByteBuffer.allocate(HEADER_BYTES_MAX + (mappings.size() + 1) * (MAPPING_SIZE + Integer.BYTES));
        reply.putInt(xid).putInt(REPLY);
        if (message.getInt() != RPC_VERSION) {
            reply.putInt(DENIED).putInt(RPC_MISMATCH).putInt(RPC_VERSION).putInt(RPC_VERSION);
            return Optional.of(reply.flip());
        }
        int program = message.getInt();
        int version = message.getInt();
        int procedure = message.getInt();
        boolean credentials = skipAuth(message);
        boolean verifier = credentials && skipAuth(message);
        if (!verifier) {
            return Optional.empty();
        }
        // The verifier is AUTH_NONE, which is two zeros.
        reply.putInt(ACCEPTED).putInt(0).putInt(0);
        if (program != PROGRAM) {
            reply.putInt(PROGRAM_UNAVAILABLE);
        } else if (version != VERSION) {
            reply.putInt(PROGRAM_MISMATCH).putInt(VERSION).putInt(VERSION);
        } else if (!answer(procedure, message, reply)) {
            return Optional.empty();
        }
        return Optional.of(reply.flip());
    }

    /// Moves over credentials or a verifier; false when the message ends in them or they are longer than they may be.
    private static boolean skipAuth(ByteBuffer message) {
        if (message.remaining() < 2 * Integer.BYTES) {
            return false;
        }
        message.getInt();
        int length = message.getInt();
        if (length < 0 || length > OPAQUE_AUTH_BYTES_MAX || (length + 3 & ~3) > message.remaining()) {
            return false;
        }
        message.position(message.position() + (length + 3 & ~3));
        return true;
    }

    /// Puts the accept status and the result; false for no answer.
    private boolean answer(int procedure, ByteBuffer arguments, ByteBuffer reply) {
        switch (procedure) {
            case NULL -> reply.putInt(SUCCESS);
            case SET, UNSET, GETPORT -> {
                if (arguments.remaining() < MAPPING_SIZE) {
                    reply.putInt(GARBAGE_ARGUMENTS);
                } else {
                    reply.putInt(SUCCESS).putInt(procedure == GETPORT ? port(arguments) : 0);
                }
            }
            case DUMP -> {
                reply.putInt(SUCCESS);
                for (Mapping each : mappings) {
                    reply.putInt(1).putInt(each.program()).putInt(each.version()).putInt(each.protocol())
                            .putInt(each.port());
                }
                reply.putInt(0);
            }
            case CALLIT -> {
                return false;
            }
            default -> reply.putInt(PROCEDURE_UNAVAILABLE);
        }
        return true;
    }

    /// The port of a program, in whatever version: the program itself answers with those that it has, which is more
    /// than 0 could say. 0 when it is not here.
    private int port(ByteBuffer arguments) {
        int program = arguments.getInt();
        arguments.getInt();
        int protocol = arguments.getInt();
        return mappings.stream()
                .filter(each -> each.program() == program && each.protocol() == protocol)
                .findFirst()
                .map(Mapping::port)
                .orElse(0);
    }
}
