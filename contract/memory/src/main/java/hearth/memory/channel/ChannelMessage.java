package hearth.memory.channel;

import java.util.List;

/// One message of the channel. Each is a packet of at most 64 KiB; the numbers of the types never change.
public sealed interface ChannelMessage {
    /// Longest piece of a record in one message: leaves room for the other fields.
    int PIECE_BYTES_MAX = 48 * 1024;

    /// What domain 0 says.
    sealed interface FromHost extends ChannelMessage {}

    /// What a guest says.
    sealed interface FromGuest extends ChannelMessage {}

    /// First message to a guest, with four descriptors: control, guest, cache, rings.
    ///
    /// @param domain name of the domain
    /// @param expectedParentPid pid that `getppid` must show once the parent-death signal is set
    /// @param fastAllowed false: boot conventionally, whatever the checkpoint says
    /// @param bootConfig lines `key=value`, see `BootConfig`
    record Assign(
            String domain,
            long incarnation,
            long epoch,
            int expectedParentPid,
            boolean fastAllowed,
            List<String> bootConfig)
            implements FromHost {
        public Assign {
            bootConfig = List.copyOf(bootConfig);
        }
    }

    /// An accepted connection, with its descriptor.
    ///
    /// @param peerAddress 4 or 16 bytes
    record Connection(long id, byte[] peerAddress, int peerPort) implements FromHost {
        public Connection {
            peerAddress = peerAddress.clone();
        }

        @Override
        public byte[] peerAddress() {
            return peerAddress.clone();
        }
    }

    record RequestConsistencyPoint(long id) implements FromHost {}

    /// Drain, take a consistency point, say `Stopped`, exit with 0.
    record Stop(long id) implements FromHost {}

    /// Answers `JournalWanted`: a piece of the record from the byte asked for on, at most [#PIECE_BYTES_MAX].
    ///
    /// @param totalBytes of the whole record; 0 when the journal does not have it
    record JournalPiece(long lsn, int fromByte, int totalBytes, byte[] bytes) implements FromHost {
        public JournalPiece {
            bytes = bytes.clone();
        }

        @Override
        public byte[] bytes() {
            return bytes.clone();
        }
    }

    /// Asks for a change of volumes or exports, or for what there is. Asked again of a successor when the guest dies
    /// before it has answered.
    ///
    /// @param request lines `key=value`, see `AdminRequest`
    record Administer(long id, List<String> request) implements FromHost {
        public Administer {
            request = List.copyOf(request);
        }
    }

    /// The guest's first message: it runs.
    record Hello(int pid, int version) implements FromGuest {}

    /// The region is mapped and checked.
    record Attached() implements FromGuest {}

    /// The guest takes connections from here on.
    ///
    /// @param plan the boot plan's name
    record Listening(String plan, String reason) implements FromGuest {}

    /// Domain 0 may close its duplicate.
    record ConnectionTaken(long id) implements FromGuest {}

    record ConsistencyPointDone(long id, boolean ok, String text) implements FromGuest {}

    record Stopped(long id) implements FromGuest {}

    /// One event for domain 0's log, as `Event.line` writes it.
    record EventLine(String text) implements FromGuest {}

    /// The first protocol reply of this incarnation has left.
    record FirstReply() implements FromGuest {}

    /// Asks for a flushed record that is damaged in the region, from one of its bytes on. A guest waits for the answer
    /// before it asks again, so that neither side ever has to wait for the other to receive.
    record JournalWanted(long lsn, int fromByte) implements FromGuest {}

    /// Answers `Administer`.
    ///
    /// @param outcome ordinal of `AdminRequest.Outcome`
    /// @param lines what was asked for (`VolumeReport`), or one line that says why not
    record Administered(long id, int outcome, List<String> lines) implements FromGuest {
        public Administered {
            lines = List.copyOf(lines);
        }
    }
}
