package hearth.nmodule.net;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

import org.junit.jupiter.api.Test;

import hearth.base.Clock;
import hearth.nmodule.Loopback;

import static org.assertj.core.api.Assertions.assertThat;

/// Goal: what escapes from a call or from the reactor reaches the one who halts the guest.
/// Method: a service that fails, behind a real socket.
class FatalTest {
    private final AssertionError escaped = new AssertionError("on purpose");

    private record Fatal(String where, Throwable thrown) {}

    /// A call that announces a reply of 8 bytes and does what the test says.
    private record Call(IntSupplier answer) implements RecordService.PreparedCall {
        @Override
        public int replyBytesMax() {
            return 8;
        }

        @Override
        public int answer(MemorySegment reply) {
            return answer.getAsInt();
        }

        @Override
        public void sent() {}
    }

    @Test
    void anErrorInACallIsFatal() throws Exception {
        assertThat(fatalOf((_, _) -> Optional.of(new Call(() -> {
            throw escaped;
        })))).isEqualTo(new Fatal("call", escaped));
    }

    @Test
    void aReplyLongerThanAnnouncedIsFatal() throws Exception {
        var fatal = fatalOf((_, _) -> Optional.of(new Call(() -> 9)));
        assertThat(fatal.where()).isEqualTo("call");
        assertThat(fatal.thrown()).hasMessageContaining("announced");
    }

    @Test
    void anErrorInTheReactorIsFatal() throws Exception {
        var fatal = fatalOf((_, _) -> {
            throw escaped;
        });
        assertThat(fatal).isEqualTo(new Fatal("reactor", escaped));
    }

    @Test
    void aReactorThatNeverStartedCanBeStopped() throws Exception {
        var limits = NetLimits.defaults();
        var reactor = new Reactor(
                (_, _) -> Optional.empty(),
                Clock.SYSTEM,
                limits,
                (_, _) -> {},
                new NetStatistics(limits.inFlightMax()));
        reactor.stop(100);
    }

    /// Sends one record and returns what the fatal handler was told.
    private static Fatal fatalOf(RecordService service) throws Exception {
        var limits = NetLimits.defaults();
        var fatal = new CompletableFuture<Fatal>();
        var reactor = new Reactor(
                service,
                Clock.SYSTEM,
                limits,
                (where, thrown) -> fatal.complete(new Fatal(where, thrown)),
                new NetStatistics(limits.inFlightMax()));
        reactor.start();
        try (var loopback = new Loopback(reactor::adopt);
                var socket = connect(loopback)) {
            socket.getOutputStream().write(ByteBuffer.allocate(8).putInt(4 | 1 << 31).array());
            return fatal.get(20, TimeUnit.SECONDS);
        } finally {
            reactor.stop(100);
        }
    }

    private static Socket connect(Loopback loopback) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), loopback.port());
    }
}
