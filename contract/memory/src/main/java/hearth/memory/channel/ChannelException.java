package hearth.memory.channel;

import java.io.IOException;

/// A packet that is no message. Whoever sent it does not speak this channel: domain 0 kills the guest, a guest halts.
public final class ChannelException extends IOException {
    private static final long serialVersionUID = 1L;

    public ChannelException(String why) {
        super("channel message: " + why);
    }
}
