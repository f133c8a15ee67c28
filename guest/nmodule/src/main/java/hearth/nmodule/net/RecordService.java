package hearth.nmodule.net;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

import hearth.base.posix.IoVector;

/// What is done with the records of a connection.
public interface RecordService {
    /// Looks at a received record and says what answering it takes; empty when it is nothing that can be answered, and
    /// the connection is closed. Called on the reactor's thread: short, total, waits for nothing.
    ///
    /// @param clientAddress 4 or 16 bytes
    /// @param record valid until the call has been answered
    Optional<PreparedCall> prepare(byte[] clientAddress, MemorySegment record);

    /// A call that waits for its turn.
    interface PreparedCall {
        /// The most bytes that the reply takes.
        int replyBytesMax();

        /// Writes the reply and returns its length; `NO_REPLY` sends nothing. Called once, on a virtual thread, and
        /// may park.
        ///
        /// @param reply at least `replyBytesMax` bytes, with whatever was there before
        int answer(MemorySegment reply);

        /// The same without waiting for anything; `WOULD_WAIT` when that cannot be, and then nothing was done and
        /// `answer` is called. At most once, on the reactor's thread.
        ///
        /// @param parts empty; what is in it afterwards is sent in place of as many bytes of the reply: its last opaque
        ///     data, which only XDR's padding follows. Released when it was sent, or if the call would wait
        default int tryAnswer(MemorySegment reply, IoVector parts) {
            return WOULD_WAIT;
        }

        /// The whole reply has been given to the kernel. Any thread; short.
        void sent();
    }

    int NO_REPLY = 0;
    int WOULD_WAIT = -1;
}
