package hearth.fuzz;

import java.util.Arrays;
import java.util.List;

import hearth.memory.channel.ChannelCodec;
import hearth.memory.channel.ChannelException;
import hearth.memory.channel.ChannelMessage;
import hearth.memory.channel.ChannelMessage.Assign;
import hearth.memory.channel.ChannelMessage.Connection;
import hearth.memory.channel.ChannelMessage.ConsistencyPointDone;
import hearth.memory.channel.ChannelMessage.EventLine;
import hearth.memory.channel.ChannelMessage.Hello;
import hearth.memory.channel.ChannelMessage.JournalPiece;
import hearth.memory.channel.ChannelMessage.JournalWanted;
import hearth.memory.channel.ChannelMessage.Listening;

/// Packets on the channel: domain 0 reads what a guest says. What decodes encodes to bytes that mean the same; texts
/// that were no UTF-8 have become what the decoder made of them.
final class ChannelTarget implements Target {
    @Override
    public void accept(byte[] input) throws Exception {
        ChannelMessage message;
        try {
            message = ChannelCodec.decode(input);
        } catch (ChannelException e) {
            return;
        }
        byte[] encoded = ChannelCodec.encode(message);
        byte[] again = ChannelCodec.encode(ChannelCodec.decode(encoded));
        Property.holds(Arrays.equals(encoded, again), "a message means something else after a second look");
    }

    /// Reads a record from wherever the guest says.
    @Override
    public void acceptPlanted(byte[] input) throws Exception {
        try {
            if (ChannelCodec.decode(input) instanceof JournalWanted wanted && wanted.fromByte() < 0) {
                throw new PlantedBug("from before a record's start");
            }
        } catch (ChannelException e) {
            // Most inputs are none.
        }
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(
                ChannelCodec.encode(new Hello(12, 1)),
                ChannelCodec.encode(new Listening("FastRestart", "none")),
                ChannelCodec.encode(new ConsistencyPointDone(3, true, "done")),
                ChannelCodec.encode(new EventLine("guest.listening")),
                ChannelCodec.encode(new JournalWanted(5, 9)),
                ChannelCodec.encode(new JournalPiece(5, 0, 99, new byte[20])),
                ChannelCodec.encode(new Connection(4, new byte[] {127, 0, 0, 1}, 700)),
                ChannelCodec.encode(new Assign("a", 1, 2, 3, true, List.of("aggregate=1", "exports=2"))));
    }
}
