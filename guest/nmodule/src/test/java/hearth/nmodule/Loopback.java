package hearth.nmodule;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.function.BiConsumer;

import hearth.base.posix.Descriptors;
import hearth.base.posix.Epoll;
import hearth.base.posix.Sockets;

/// For tests: a listener on a free loopback port that hands every accepted connection on, as domain 0 does.
public final class Loopback implements AutoCloseable {
    private final int listener;
    private final int stop;
    private final Thread thread;
    private final BiConsumer<Integer, byte[]> adopt;

    public Loopback(BiConsumer<Integer, byte[]> adopt) throws IOException {
        this.adopt = adopt;
        listener = Sockets.listenTcp(new byte[] {127, 0, 0, 1}, 0, 128);
        stop = Epoll.eventFd();
        thread = Thread.ofPlatform().name("loopback").start(this::run);
    }

    public int port() throws IOException {
        return Sockets.port(listener);
    }

    private void run() {
        try (Arena arena = Arena.ofConfined()) {
            int epoll = Epoll.create();
            Epoll.add(epoll, listener, Epoll.EPOLLIN, 1);
            Epoll.add(epoll, stop, Epoll.EPOLLIN, 2);
            var events = arena.allocate(2L * Epoll.EVENT_SIZE);
            boolean running = true;
            while (running) {
                int count = Epoll.await(epoll, events, 2, -1);
                for (int i = 0; i < count; i++) {
                    running &= Epoll.data(events, i) != 2;
                }
                for (int fd = Sockets.accept(listener); fd >= 0; fd = Sockets.accept(listener)) {
                    adopt.accept(fd, Sockets.peerAddress(fd));
                }
            }
            Descriptors.close(epoll);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        Epoll.signal(stop);
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        Descriptors.close(stop);
        Descriptors.close(listener);
    }
}
