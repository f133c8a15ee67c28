package hearth.memory.channel;

import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import hearth.base.Check;
import hearth.memory.channel.ChannelMessage.Administer;
import hearth.memory.channel.ChannelMessage.Administered;
import hearth.memory.channel.ChannelMessage.Assign;
import hearth.memory.channel.ChannelMessage.Attached;
import hearth.memory.channel.ChannelMessage.Connection;
import hearth.memory.channel.ChannelMessage.ConnectionTaken;
import hearth.memory.channel.ChannelMessage.ConsistencyPointDone;
import hearth.memory.channel.ChannelMessage.EventLine;
import hearth.memory.channel.ChannelMessage.FirstReply;
import hearth.memory.channel.ChannelMessage.Hello;
import hearth.memory.channel.ChannelMessage.JournalPiece;
import hearth.memory.channel.ChannelMessage.JournalWanted;
import hearth.memory.channel.ChannelMessage.Listening;
import hearth.memory.channel.ChannelMessage.RequestConsistencyPoint;
import hearth.memory.channel.ChannelMessage.Stop;
import hearth.memory.channel.ChannelMessage.Stopped;

/// Messages as bytes: an int for the type, then the fields in the records' order; texts and bytes with an int for
/// their length. Little-endian. Decoding is total: a message or a `ChannelException`.
public final class ChannelCodec {
    /// Longest packet.
    public static final int BYTES_MAX = 64 * 1024;

    private static final int LINES_MAX = 4096;

    private static final int ASSIGN = 1;
    private static final int CONNECTION = 2;
    private static final int REQUEST_CONSISTENCY_POINT = 3;
    private static final int STOP = 4;
    private static final int JOURNAL_PIECE = 5;
    private static final int ADMINISTER = 6;
    private static final int HELLO = 101;
    private static final int ATTACHED = 102;
    private static final int LISTENING = 103;
    private static final int CONNECTION_TAKEN = 104;
    private static final int CONSISTENCY_POINT_DONE = 105;
    private static final int STOPPED = 106;
    private static final int EVENT_LINE = 107;
    private static final int FIRST_REPLY = 108;
    private static final int JOURNAL_WANTED = 109;
    private static final int ADMINISTERED = 110;

    private ChannelCodec() {}

    /// Bytes of one packet; a message that is too long is a bug of the caller, who knows the limit.
    public static byte[] encode(ChannelMessage message) {
        ByteBuffer to = ByteBuffer.allocate(BYTES_MAX).order(ByteOrder.LITTLE_ENDIAN);
        try {
            if (message instanceof ChannelMessage.FromGuest said) {
                encode(said, to);
            } else {
                encode((ChannelMessage.FromHost) message, to);
            }
        } catch (BufferOverflowException e) {
            throw Check.failed("channel message is too long");
        }
        byte[] bytes = new byte[to.position()];
        to.get(0, bytes);
        return bytes;
    }

    private static void encode(ChannelMessage.FromHost message, ByteBuffer to) {
        switch (message) {
            case Assign assign -> {
                to.putInt(ASSIGN);
                putText(to, assign.domain());
                to.putLong(assign.incarnation()).putLong(assign.epoch()).putInt(assign.expectedParentPid());
                putFlag(to, assign.fastAllowed());
                putLines(to, assign.bootConfig());
            }
            case Connection connection -> {
                to.putInt(CONNECTION).putLong(connection.id());
                putBytes(to, connection.peerAddress());
                to.putInt(connection.peerPort());
            }
            case RequestConsistencyPoint request -> to.putInt(REQUEST_CONSISTENCY_POINT).putLong(request.id());
            case Stop stop -> to.putInt(STOP).putLong(stop.id());
            case JournalPiece piece -> {
                to.putInt(JOURNAL_PIECE).putLong(piece.lsn()).putInt(piece.fromByte()).putInt(piece.totalBytes());
                putBytes(to, piece.bytes());
            }
            case Administer administer -> {
                to.putInt(ADMINISTER).putLong(administer.id());
                putLines(to, administer.request());
            }
        }
    }

    /// Without a `switch` over patterns: that makes a class when it is first met, and a guest that restarts would wait.
    private static void encode(ChannelMessage.FromGuest message, ByteBuffer to) {
        if (message instanceof Hello hello) {
            to.putInt(HELLO).putInt(hello.pid()).putInt(hello.version());
        } else if (message instanceof Attached) {
            to.putInt(ATTACHED);
        } else if (message instanceof Listening listening) {
            to.putInt(LISTENING);
            putText(to, listening.plan());
            putText(to, listening.reason());
        } else if (message instanceof ConnectionTaken taken) {
            to.putInt(CONNECTION_TAKEN).putLong(taken.id());
        } else if (message instanceof ConsistencyPointDone done) {
            to.putInt(CONSISTENCY_POINT_DONE).putLong(done.id());
            putFlag(to, done.ok());
            putText(to, done.text());
        } else if (message instanceof Stopped stopped) {
            to.putInt(STOPPED).putLong(stopped.id());
        } else if (message instanceof EventLine line) {
            to.putInt(EVENT_LINE);
            putText(to, line.text());
        } else if (message instanceof FirstReply) {
            to.putInt(FIRST_REPLY);
        } else if (message instanceof JournalWanted wanted) {
            to.putInt(JOURNAL_WANTED).putLong(wanted.lsn()).putInt(wanted.fromByte());
        } else if (message instanceof Administered answer) {
            to.putInt(ADMINISTERED).putLong(answer.id()).putInt(answer.outcome());
            putLines(to, answer.lines());
        } else {
            throw Check.failed("a message without a number");
        }
    }

    /// The message of one packet.
    public static ChannelMessage decode(byte[] packet) throws ChannelException {
        ByteBuffer from = ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN);
        try {
            int type = from.getInt();
            ChannelMessage message = decode(type, from);
            if (from.hasRemaining()) {
                throw new ChannelException(from.remaining() + " bytes too many in type " + type);
            }
            return message;
        } catch (BufferUnderflowException e) {
            throw new ChannelException("ends early after " + packet.length + " bytes");
        }
    }

    private static ChannelMessage decode(int type, ByteBuffer from) throws ChannelException {
        return switch (type) {
            case ASSIGN -> new Assign(
                    text(from), from.getLong(), from.getLong(), from.getInt(), flag(from), lines(from));
            case CONNECTION -> connection(from);
            case REQUEST_CONSISTENCY_POINT -> new RequestConsistencyPoint(from.getLong());
            case STOP -> new Stop(from.getLong());
            case JOURNAL_PIECE -> new JournalPiece(from.getLong(), from.getInt(), from.getInt(), bytes(from));
            case HELLO -> new Hello(from.getInt(), from.getInt());
            case ATTACHED -> new Attached();
            case LISTENING -> new Listening(text(from), text(from));
            case CONNECTION_TAKEN -> new ConnectionTaken(from.getLong());
            case CONSISTENCY_POINT_DONE -> new ConsistencyPointDone(from.getLong(), flag(from), text(from));
            case STOPPED -> new Stopped(from.getLong());
            case EVENT_LINE -> new EventLine(text(from));
            case FIRST_REPLY -> new FirstReply();
            case JOURNAL_WANTED -> new JournalWanted(from.getLong(), from.getInt());
            case ADMINISTER -> new Administer(from.getLong(), lines(from));
            case ADMINISTERED -> new Administered(from.getLong(), from.getInt(), lines(from));
            default -> throw new ChannelException("unknown type " + type);
        };
    }

    private static Connection connection(ByteBuffer from) throws ChannelException {
        long id = from.getLong();
        byte[] address = bytes(from);
        if (address.length != 4 && address.length != 16) {
            throw new ChannelException("peer address of " + address.length + " bytes");
        }
        return new Connection(id, address, from.getInt());
    }

    private static void putText(ByteBuffer to, String text) {
        putBytes(to, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void putLines(ByteBuffer to, List<String> lines) {
        to.putInt(lines.size());
        lines.forEach(line -> putText(to, line));
    }

    private static void putBytes(ByteBuffer to, byte[] bytes) {
        to.putInt(bytes.length).put(bytes);
    }

    private static void putFlag(ByteBuffer to, boolean flag) {
        to.put((byte) (flag ? 1 : 0));
    }

    private static String text(ByteBuffer from) throws ChannelException {
        return new String(bytes(from), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ByteBuffer from) throws ChannelException {
        int length = from.getInt();
        if (length < 0 || length > from.remaining()) {
            throw new ChannelException("length " + length + " of a field");
        }
        byte[] bytes = new byte[length];
        from.get(bytes);
        return bytes;
    }

    private static boolean flag(ByteBuffer from) throws ChannelException {
        byte value = from.get();
        if (value != 0 && value != 1) {
            throw new ChannelException("flag " + value);
        }
        return value == 1;
    }

    private static List<String> lines(ByteBuffer from) throws ChannelException {
        int count = from.getInt();
        if (count < 0 || count > LINES_MAX) {
            throw new ChannelException(count + " lines");
        }
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(text(from));
        }
        return lines;
    }
}
