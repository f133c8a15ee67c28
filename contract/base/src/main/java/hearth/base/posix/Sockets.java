package hearth.base.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.Arrays;

import hearth.base.Check;

/// TCP, and pairs of unix sockets that carry messages and descriptors. TCP descriptors are non-blocking, and so is
/// every call on them; `send` and `receive` on a pair block: platform threads only.
public final class Sockets {
    private static final int FCNTL = 72;
    private static final int SOCKET = 41;
    private static final int SENDTO = 44;
    private static final int RECVFROM = 45;
    private static final int SENDMSG = 46;
    private static final int RECVMSG = 47;
    private static final int SHUTDOWN = 48;
    private static final int BIND = 49;
    private static final int LISTEN = 50;
    private static final int GETSOCKNAME = 51;
    private static final int GETPEERNAME = 52;
    private static final int SOCKETPAIR = 53;
    private static final int SETSOCKOPT = 54;
    private static final int ACCEPT4 = 288;

    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_SEQPACKET = 5;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int SO_LINGER = 13;
    private static final int GETSOCKOPT = 55;
    private static final int IOCTL = 16;
    private static final int FIONREAD = 0x541B;
    private static final int TCP_INFO = 11;
    private static final int TCP_INFO_SIZE = 232;
    private static final int TCP_INFO_BYTES_RECEIVED_OFFSET = 128;
    private static final int TCP_INFO_BYTES_SENT_OFFSET = 200;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_NODELAY = 1;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_CTRUNC = 0x8;
    private static final int MSG_TRUNC = 0x20;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int SHUT_RDWR = 2;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int O_NONBLOCK = 0x800;

    // struct msghdr, then the vector, then the control message, all in the scratch.
    private static final int MESSAGE_SIZE = 56;
    private static final int MESSAGE_VECTOR_OFFSET = 16;
    private static final int MESSAGE_VECTOR_LENGTH_OFFSET = 24;
    private static final int MESSAGE_CONTROL_OFFSET = 32;
    private static final int MESSAGE_CONTROL_LENGTH_OFFSET = 40;
    private static final int MESSAGE_FLAGS_OFFSET = 48;
    private static final int VECTOR_OFFSET = 64;
    private static final int VECTOR_ENTRY_SIZE = 16;
    private static final int CONTROL_OFFSET = VECTOR_OFFSET + 64 * VECTOR_ENTRY_SIZE;
    private static final int CONTROL_HEADER_SIZE = 16;
    private static final int CONTROL_DATA_OFFSET = CONTROL_OFFSET + CONTROL_HEADER_SIZE;

    /// Parts that one `sendGather` takes.
    public static final int PARTS_MAX = 64;

    /// Descriptors that one message carries.
    public static final int DESCRIPTORS_MAX = 64;

    private static final int ADDRESS_SIZE_MAX = 28;
    private static final int TRANSFER_BYTES_MAX = 1 << 30;
    private static final int ACCEPT_TRIES_MAX = 64;

    private Sockets() {}

    /// One message that came over a pair. `length` 0 is the end: the other side is closed or dead.
    public record Received(int length, int[] fds) {}

    /// Two connected ends that keep message boundaries. Blocking.
    public static int[] pair() throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            MemorySegment ends = call.scratch();
            call.orThrow(call.call(SOCKETPAIR, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.address(), 0),
                    "socketpair");
            return new int[] {ends.get(ValueLayout.JAVA_INT, 0), ends.get(ValueLayout.JAVA_INT, 4)};
        }
    }

    /// Sends one message, not empty, with descriptors; the receiver gets duplicates, the caller keeps its own. EPIPE
    /// when the other side is gone.
    public static void send(int fd, MemorySegment message, int... fds) throws PosixException {
        Check.that(message.byteSize() > 0, "an empty message would read as the end");
        Check.that(fds.length <= DESCRIPTORS_MAX, "too many descriptors in a message", fds.length);
        try (SystemCall call = SystemCall.take()) {
            MemorySegment header = call.cleared(SystemCall.SCRATCH_SIZE);
            vector(header, 0, message);
            header.set(ValueLayout.JAVA_LONG, MESSAGE_VECTOR_LENGTH_OFFSET, 1);
            if (fds.length > 0) {
                long lengthBytes = CONTROL_HEADER_SIZE + (long) fds.length * Integer.BYTES;
                header.set(ValueLayout.JAVA_LONG, MESSAGE_CONTROL_OFFSET, header.address() + CONTROL_OFFSET);
                header.set(ValueLayout.JAVA_LONG, MESSAGE_CONTROL_LENGTH_OFFSET, lengthBytes + 7 & ~7L);
                header.set(ValueLayout.JAVA_LONG, CONTROL_OFFSET, lengthBytes);
                header.set(ValueLayout.JAVA_INT, CONTROL_OFFSET + 8, SOL_SOCKET);
                header.set(ValueLayout.JAVA_INT, CONTROL_OFFSET + 12, SCM_RIGHTS);
                MemorySegment.copy(fds, 0, header, ValueLayout.JAVA_INT, CONTROL_DATA_OFFSET, fds.length);
            }
            long done;
            do {
                done = call.call(SENDMSG, fd, header, MSG_NOSIGNAL, 0, 0, 0);
            } while (call.interrupted(done));
            Reference.reachabilityFence(message);
            call.orThrow(done, "sendmsg");
            Check.that(done == message.byteSize(), "a message went out in part", done, message.byteSize());
        }
    }

    /// Receives one message and up to `maxFds` descriptors, which are the caller's from here on. A message or list of
    /// descriptors that does not fit is EMSGSIZE, and nothing of it stays open. A side that died with messages unread
    /// reads as the end.
    public static Received receive(int fd, MemorySegment buffer, int maxFds) throws PosixException {
        Check.that(maxFds >= 0 && maxFds <= DESCRIPTORS_MAX, "too many descriptors in a message", maxFds);
        Check.that(buffer.byteSize() > 0, "no room for a message");
        try (SystemCall call = SystemCall.take()) {
            MemorySegment header = call.cleared(SystemCall.SCRATCH_SIZE);
            long done;
            do {
                vector(header, 0, buffer);
                header.set(ValueLayout.JAVA_LONG, MESSAGE_VECTOR_LENGTH_OFFSET, 1);
                header.set(ValueLayout.JAVA_LONG, MESSAGE_CONTROL_OFFSET, header.address() + CONTROL_OFFSET);
                header.set(ValueLayout.JAVA_LONG, MESSAGE_CONTROL_LENGTH_OFFSET, maxFds == 0
                        ? 0 : CONTROL_HEADER_SIZE + (long) maxFds * Integer.BYTES);
                done = call.call(RECVMSG, fd, header, MSG_CMSG_CLOEXEC, 0, 0, 0);
            } while (call.interrupted(done));
            Reference.reachabilityFence(buffer);
            if (done == -1 && call.errno() == Errno.ECONNRESET) {
                return new Received(0, new int[0]);
            }
            call.orThrow(done, "recvmsg");
            int[] fds = descriptorsOf(header);
            if ((header.get(ValueLayout.JAVA_INT, MESSAGE_FLAGS_OFFSET) & (MSG_CTRUNC | MSG_TRUNC)) != 0) {
                for (int each : fds) {
                    Descriptors.close(each);
                }
                throw new PosixException("recvmsg", Errno.EMSGSIZE);
            }
            return new Received((int) done, fds);
        }
    }

    private static int[] descriptorsOf(MemorySegment header) {
        long controlBytes = header.get(ValueLayout.JAVA_LONG, MESSAGE_CONTROL_LENGTH_OFFSET);
        if (controlBytes < CONTROL_HEADER_SIZE
                || header.get(ValueLayout.JAVA_INT, CONTROL_OFFSET + 8) != SOL_SOCKET
                || header.get(ValueLayout.JAVA_INT, CONTROL_OFFSET + 12) != SCM_RIGHTS) {
            return new int[0];
        }
        long lengthBytes = Math.min(controlBytes, header.get(ValueLayout.JAVA_LONG, CONTROL_OFFSET));
        int[] fds = new int[(int) (lengthBytes - CONTROL_HEADER_SIZE) / Integer.BYTES];
        MemorySegment.copy(header, ValueLayout.JAVA_INT, CONTROL_DATA_OFFSET, fds, 0, fds.length);
        return fds;
    }

    private static void vector(MemorySegment header, int index, MemorySegment part) {
        Check.that(part.isNative(), "the kernel takes native memory only");
        long entry = VECTOR_OFFSET + (long) index * VECTOR_ENTRY_SIZE;
        header.set(ValueLayout.JAVA_LONG, MESSAGE_VECTOR_OFFSET, header.address() + VECTOR_OFFSET);
        header.set(ValueLayout.JAVA_LONG, entry, part.address());
        header.set(ValueLayout.JAVA_LONG, entry + 8, part.byteSize());
    }

    /// Listens on an IPv4 (4 bytes) or IPv6 (16 bytes) address; port 0 takes a free one. An IPv6 listener takes IPv6
    /// only, so that a client's address has one form.
    public static int listenTcp(byte[] address, int port, int backlog) throws PosixException {
        Check.that(address.length == 4 || address.length == 16, "neither IPv4 nor IPv6", address.length);
        Check.that(port >= 0 && port <= 0xFFFF, "no such port", port);
        boolean v4 = address.length == 4;
        int fd;
        try (SystemCall call = SystemCall.take()) {
            fd = (int) call.orThrow(call.call(SOCKET, v4 ? AF_INET : AF_INET6,
                    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, 0, 0), "socket");
        }
        try {
            option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
            if (!v4) {
                option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
            }
            try (SystemCall call = SystemCall.take()) {
                MemorySegment name = call.cleared(ADDRESS_SIZE_MAX);
                name.set(ValueLayout.JAVA_SHORT, 0, (short) (v4 ? AF_INET : AF_INET6));
                name.set(ValueLayout.JAVA_BYTE, 2, (byte) (port >> 8));
                name.set(ValueLayout.JAVA_BYTE, 3, (byte) port);
                MemorySegment.copy(address, 0, name, ValueLayout.JAVA_BYTE, v4 ? 4 : 8, address.length);
                call.orThrow(call.call(BIND, fd, name, v4 ? 16 : ADDRESS_SIZE_MAX, 0, 0, 0), "bind");
                call.orThrow(call.call(LISTEN, fd, backlog, 0, 0, 0), "listen");
            }
            return fd;
        } catch (PosixException e) {
            Descriptors.close(fd);
            throw e;
        }
    }

    /// The port that the socket is bound to.
    public static int port(int fd) throws PosixException {
        return portOf(name(GETSOCKNAME, fd, "getsockname"));
    }

    /// The other side's address, 4 or 16 bytes.
    public static byte[] peerAddress(int fd) throws PosixException {
        byte[] name = name(GETPEERNAME, fd, "getpeername");
        boolean v4 = name[0] == AF_INET;
        return Arrays.copyOfRange(name, v4 ? 4 : 8, v4 ? 8 : 24);
    }

    /// The other side's port.
    public static int peerPort(int fd) throws PosixException {
        return portOf(name(GETPEERNAME, fd, "getpeername"));
    }

    private static int portOf(byte[] name) {
        return (name[2] & 0xFF) << 8 | name[3] & 0xFF;
    }

    private static byte[] name(int number, int fd, String callName) throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            MemorySegment name = call.cleared(64);
            long lengthOffset = 32;
            name.set(ValueLayout.JAVA_INT, lengthOffset, ADDRESS_SIZE_MAX);
            call.orThrow(call.call(number, fd, name, name.address() + lengthOffset, 0, 0, 0), callName);
            return name.asSlice(0, ADDRESS_SIZE_MAX).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /// The next queued connection; -1 when there is none. Connections that broke while they queued are passed over.
    public static int accept(int listener) throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            for (int tries = 1; ; tries++) {
                long fd = call.call(ACCEPT4, listener, 0, 0, SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
                if (fd >= 0) {
                    return (int) fd;
                }
                int errno = call.errno();
                if (errno == Errno.EAGAIN) {
                    return -1;
                }
                if (!passedOver(errno) || tries == ACCEPT_TRIES_MAX) {
                    throw new PosixException("accept4", errno);
                }
            }
        }
    }

    // Linux hands errors of the connection that was to be accepted to the one who accepts.
    private static boolean passedOver(int errno) {
        return switch (errno) {
            case Errno.EINTR, Errno.ECONNABORTED, Errno.EPROTO, Errno.ENOPROTOOPT, Errno.ENETDOWN, Errno.ENETUNREACH,
                    Errno.EHOSTDOWN, Errno.EHOSTUNREACH, Errno.EPERM -> true;
            default -> false;
        };
    }

    /// Takes what has come: bytes received, 0 at the end of the stream, -1 when nothing is there yet.
    public static int receiveInto(int fd, MemorySegment to) throws PosixException {
        Check.that(to.byteSize() > 0, "no room to receive into");
        try (SystemCall call = SystemCall.take()) {
            long done;
            do {
                done = call.call(RECVFROM, fd, to, Math.min(to.byteSize(), TRANSFER_BYTES_MAX), MSG_DONTWAIT, 0, 0);
            } while (call.interrupted(done));
            return (int) (wouldBlock(call, done) ? -1 : call.orThrow(done, "recvfrom"));
        }
    }

    /// Gives the kernel what it takes: bytes taken, possibly fewer than given, -1 when it takes none now.
    public static int sendFrom(int fd, MemorySegment from) throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            long done;
            do {
                done = call.call(SENDTO, fd, from, Math.min(from.byteSize(), TRANSFER_BYTES_MAX),
                        MSG_DONTWAIT | MSG_NOSIGNAL, 0, 0);
            } while (call.interrupted(done));
            return (int) (wouldBlock(call, done) ? -1 : call.orThrow(done, "sendto"));
        }
    }

    /// The same from up to `PARTS_MAX` parts in their order.
    public static long sendGather(int fd, MemorySegment[] parts) throws PosixException {
        Check.that(parts.length <= PARTS_MAX, "too many parts", parts.length);
        try (SystemCall call = SystemCall.take()) {
            MemorySegment header = call.cleared(MESSAGE_SIZE);
            for (int i = 0; i < parts.length; i++) {
                vector(header, i, parts[i]);
            }
            header.set(ValueLayout.JAVA_LONG, MESSAGE_VECTOR_LENGTH_OFFSET, parts.length);
            long done;
            do {
                done = call.call(SENDMSG, fd, header, MSG_DONTWAIT | MSG_NOSIGNAL, 0, 0, 0);
            } while (call.interrupted(done));
            Reference.reachabilityFence(parts);
            return wouldBlock(call, done) ? -1 : call.orThrow(done, "sendmsg");
        }
    }

    /// The same from a vector, which keeps what the kernel did not take.
    public static long sendVector(int fd, IoVector vector) throws PosixException {
        Check.that(vector.byteSize() > 0, "a vector with nothing to send");
        long done;
        try (SystemCall call = SystemCall.take()) {
            MemorySegment header = call.cleared(MESSAGE_SIZE);
            header.set(ValueLayout.JAVA_LONG, MESSAGE_VECTOR_OFFSET, vector.entriesAddress());
            header.set(ValueLayout.JAVA_LONG, MESSAGE_VECTOR_LENGTH_OFFSET, vector.entriesCount());
            do {
                done = call.call(SENDMSG, fd, header, MSG_DONTWAIT | MSG_NOSIGNAL, 0, 0, 0);
            } while (call.interrupted(done));
            Reference.reachabilityFence(vector);
            done = wouldBlock(call, done) ? -1 : call.orThrow(done, "sendmsg");
        }
        vector.sent(Math.max(done, 0));
        return done;
    }

    private static boolean wouldBlock(SystemCall call, long result) {
        return result == -1 && call.errno() == Errno.EAGAIN;
    }

    /// Small replies leave at once.
    public static void noDelay(int fd) throws PosixException {
        option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    }

    /// The last close of the connection resets it and throws away what is still to be sent.
    public static void resetOnClose(int fd) throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            MemorySegment linger = call.scratch();
            linger.set(ValueLayout.JAVA_INT, 0, 1);
            linger.set(ValueLayout.JAVA_INT, 4, 0);
            call.orThrow(call.call(SETSOCKOPT, fd, SOL_SOCKET, SO_LINGER, linger.address(), 2 * Integer.BYTES),
                    "setsockopt");
        }
    }

    private static void option(int fd, int level, int name, int value) throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            MemorySegment word = call.scratch();
            word.set(ValueLayout.JAVA_INT, 0, value);
            call.orThrow(call.call(SETSOCKOPT, fd, level, name, word.address(), Integer.BYTES), "setsockopt");
        }
    }

    /// Whether nobody has received a byte of the connection or sent one to it: all that came is still to be read. False
    /// also when the client has closed already. Nobody else is using the connection.
    public static boolean isUntouched(int fd) throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            MemorySegment info = call.cleared(TCP_INFO_SIZE + Long.BYTES);
            info.set(ValueLayout.JAVA_INT, TCP_INFO_SIZE, TCP_INFO_SIZE);
            call.orThrow(call.call(GETSOCKOPT, fd, IPPROTO_TCP, TCP_INFO, info.address(),
                    info.address() + TCP_INFO_SIZE), "getsockopt(TCP_INFO)");
            long received = info.get(ValueLayout.JAVA_LONG, TCP_INFO_BYTES_RECEIVED_OFFSET);
            long sent = info.get(ValueLayout.JAVA_LONG, TCP_INFO_BYTES_SENT_OFFSET);
            call.cleared(Long.BYTES);
            call.orThrow(call.call(IOCTL, fd, FIONREAD, info.address(), 0, 0), "ioctl(FIONREAD)");
            return sent == 0 && received == info.get(ValueLayout.JAVA_INT, 0);
        }
    }

    /// Ends both directions of the connection, for every duplicate of the descriptor. One that ended already: nothing.
    public static void shutdown(int fd) throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            long done = call.call(SHUTDOWN, fd, SHUT_RDWR, 0, 0, 0);
            if (done == -1 && call.errno() != Errno.ENOTCONN) {
                throw new PosixException("shutdown", call.errno());
            }
        }
    }

    /// Whether calls on the open socket wait, for every duplicate of the descriptor.
    public static void setBlocking(int fd, boolean blocking) throws PosixException {
        try (SystemCall call = SystemCall.take()) {
            long flags = call.orThrow(call.call(FCNTL, fd, F_GETFL, 0, 0, 0), "fcntl(F_GETFL)");
            long wanted = blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK;
            call.orThrow(call.call(FCNTL, fd, F_SETFL, wanted, 0, 0), "fcntl(F_SETFL)");
        }
    }
}
