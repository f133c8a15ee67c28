package hearth.system.wiring;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import hearth.base.Event;
import hearth.base.Uninterruptibly;
import hearth.memory.channel.Channel;
import hearth.memory.channel.ChannelMessage;
import hearth.memory.channel.ChannelMessage.EventLine;
import hearth.nmodule.net.FatalHandler;

/// What the guest tells domain 0 from threads that must not block in the kernel: virtual threads, and those that hold
/// locks. A platform thread sends in the order of the calls. Events beyond the queue's bound are counted, not kept.
public final class Outbox implements Event.Sink {
    private static final int QUEUE_MAX = 256;
    private static final int LINE_MAX = 8_192;
    private static final long LOOK_MS = 1_000;

    private final Channel channel;
    private final BlockingQueue<ChannelMessage> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread;
    private volatile boolean closing;

    public Outbox(Channel channel, FatalHandler fatal) {
        this.channel = channel;
        thread = Threads.start("channel outbox", fatal, this::run);
    }

    @Override
    public void accept(Event event) {
        String line = event.line();
        offer(new EventLine(line.length() <= LINE_MAX ? line : line.substring(0, LINE_MAX)));
    }

    /// Sends soon. Never blocks; a message that finds the queue full is dropped and counted.
    public void offer(ChannelMessage message) {
        if (!queue.offer(message)) {
            dropped.incrementAndGet();
        }
    }

    /// Messages that found the queue full.
    public long dropped() {
        return dropped.get();
    }

    private void run() {
        while (!closing) {
            try {
                ChannelMessage message = queue.poll(LOOK_MS, TimeUnit.MILLISECONDS);
                if (message != null && !send(message)) {
                    return;
                }
            } catch (InterruptedException closed) {
                return;
            }
        }
    }

    /// False when domain 0 is gone: the channel loop sees that too, and ends the guest.
    private boolean send(ChannelMessage message) {
        try {
            channel.send(message);
            return true;
        } catch (IOException gone) {
            return false;
        }
    }

    /// Sends what is queued and ends the thread. Nothing is offered any more.
    public void close() {
        closing = true;
        thread.interrupt();
        Uninterruptibly.join(thread);
        for (ChannelMessage left = queue.poll(); left != null && send(left); left = queue.poll()) {
            // In their order.
        }
    }
}
