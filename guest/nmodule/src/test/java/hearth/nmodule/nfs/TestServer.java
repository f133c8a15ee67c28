package hearth.nmodule.nfs;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import hearth.base.Clock;
import hearth.cf.Lpc;
import hearth.nmodule.Loopback;
import hearth.nmodule.net.NetLimits;

import static org.assertj.core.api.Assertions.assertThat;

/// A whole server over a memory tree on a free loopback port.
final class TestServer implements AutoCloseable {
    final MemoryTree tree = new MemoryTree();
    final AtomicInteger firstReplies = new AtomicInteger();
    final List<Throwable> fatal = new CopyOnWriteArrayList<>();
    final NfsServer server;
    private final Loopback loopback;

    TestServer() throws IOException {
        server = new NfsServer(
                new Lpc(tree),
                Clock.SYSTEM,
                NetLimits.defaults(),
                (_, thrown) -> {
                    thrown.printStackTrace();
                    fatal.add(thrown);
                },
                firstReplies::incrementAndGet);
        server.start();
        loopback = new Loopback(server::adopt);
    }

    int port() throws IOException {
        return loopback.port();
    }

    TestClient client() throws IOException {
        return new TestClient(port());
    }

    @Override
    public void close() throws IOException {
        loopback.close();
        try {
            server.stop(5_000);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(fatal).isEmpty();
    }
}
