package hearth.system.wiring;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;

import hearth.dmodule.nvlog.FlushedRecords;
import hearth.memory.channel.Channel;
import hearth.memory.channel.ChannelException;
import hearth.memory.channel.ChannelMessage.JournalPiece;
import hearth.memory.channel.ChannelMessage.JournalWanted;
import hearth.memory.log.RecordLayout;

/// The journal as a guest has it: domain 0 reads a record and sends it in pieces, each asked for. One thread uses it:
/// the one that boots and then receives what the channel brings.
public final class ChannelJournal implements FlushedRecords {
    private final Channel channel;
    private final ArrayDeque<Channel.Received> early = new ArrayDeque<>();

    public ChannelJournal(Channel channel) {
        this.channel = channel;
    }

    @Override
    public Optional<byte[]> fetch(long lsn) throws IOException {
        byte[] record = new byte[0];
        int at = 0;
        do {
            JournalPiece piece = ask(lsn, at);
            byte[] bytes = piece.bytes();
            if (at == 0) {
                if (piece.totalBytes() <= 0 || piece.totalBytes() > RecordLayout.RECORD_BYTES_MAX) {
                    return Optional.empty();
                }
                record = new byte[piece.totalBytes()];
            }
            if (piece.totalBytes() != record.length || bytes.length == 0 || bytes.length > record.length - at) {
                return Optional.empty();
            }
            System.arraycopy(bytes, 0, record, at, bytes.length);
            at += bytes.length;
        } while (at < record.length);
        return Optional.of(record);
    }

    private JournalPiece ask(long lsn, int fromByte) throws IOException {
        channel.send(new JournalWanted(lsn, fromByte));
        while (true) {
            Optional<Channel.Received> received = channel.receive();
            if (received.isEmpty()) {
                throw new ChannelException("domain 0 is gone");
            }
            if (!(received.get().message() instanceof JournalPiece piece)) {
                // An order that came meanwhile: for later.
                early.addLast(received.get());
            } else if (piece.lsn() == lsn && piece.fromByte() == fromByte) {
                return piece;
            } else {
                throw new ChannelException("a piece of record " + piece.lsn() + " instead of " + lsn);
            }
        }
    }

    /// The next message in the order of their coming; empty when domain 0 has closed or died.
    public Optional<Channel.Received> nextMessage() throws IOException {
        Channel.Received waiting = early.pollFirst();
        return waiting == null ? channel.receive() : Optional.of(waiting);
    }
}
