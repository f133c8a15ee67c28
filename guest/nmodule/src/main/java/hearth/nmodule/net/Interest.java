package hearth.nmodule.net;

import hearth.base.Check;
import hearth.base.posix.Descriptors;
import hearth.base.posix.Epoll;
import hearth.base.posix.PosixException;

/// What a connection's descriptor is watched for, and its end. Reading is switched by the reactor, writing by whoever
/// sends; the lock makes sure that a closed descriptor, whose number may belong to another connection by then, is
/// never named again. Any thread; held for one short system call.
final class Interest {
    private final int epoll;
    private final int fd;
    private final long id;
    private boolean read = true;
    private boolean write;
    private boolean watched;

    Interest(int epoll, int fd, long id) {
        this.epoll = epoll;
        this.fd = fd;
        this.id = id;
    }

    /// Begins to watch, for reading.
    synchronized void begin() throws PosixException {
        Epoll.add(epoll, fd, bits(), id);
        watched = true;
    }

    synchronized void read(boolean wanted) {
        if (read != wanted) {
            read = wanted;
            apply();
        }
    }

    synchronized void write(boolean wanted) {
        if (write != wanted) {
            write = wanted;
            apply();
        }
    }

    /// No event names the connection any more, except those already fetched.
    synchronized void end() {
        if (watched) {
            watched = false;
            try {
                Epoll.remove(epoll, fd);
            } catch (PosixException e) {
                throw Check.failed("an open, watched descriptor could not be removed: " + e.getMessage());
            }
        }
    }

    /// After `end`, and when nobody uses the descriptor.
    synchronized void closeDescriptor() {
        Check.that(!watched, "closed a descriptor that is watched", fd);
        Descriptors.close(fd);
    }

    private void apply() {
        if (!watched) {
            return;
        }
        try {
            Epoll.modify(epoll, fd, bits(), id);
        } catch (PosixException e) {
            throw Check.failed("an open, watched descriptor could not be changed: " + e.getMessage());
        }
    }

    private int bits() {
        return (read ? Epoll.EPOLLIN : 0) | (write ? Epoll.EPOLLOUT : 0);
    }
}
