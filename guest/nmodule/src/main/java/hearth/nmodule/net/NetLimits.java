package hearth.nmodule.net;

import hearth.base.Check;
import hearth.base.Units;

/// Bounds of the network side of a guest. At each of them the server stops reading, and never drops a call.
///
/// @param connectionsMax open connections; one more takes the place of the one that has been silent longest
/// @param inFlightMax calls that run or wait in handlers, over all connections
/// @param inFlightPerConnectionMax the same of one connection
/// @param receiveBytesMax memory for what was received and is not yet answered, over all connections
/// @param receivePerConnectionBytesMax the same of one connection
/// @param sendBytesMax memory for replies being made and not yet sent, over all connections
/// @param sendPerConnectionBytesMax the same of one connection
/// @param recordBytesMax the longest record; one that announces more closes its connection
/// @param stallMs how long a connection may hold memory without progress when others wait for memory
public record NetLimits(
        int connectionsMax,
        int inFlightMax,
        int inFlightPerConnectionMax,
        long receiveBytesMax,
        long receivePerConnectionBytesMax,
        long sendBytesMax,
        long sendPerConnectionBytesMax,
        int recordBytesMax,
        int stallMs) {

    /// A write of 1 MiB with its header and credentials.
    public static final int RECORD_BYTES_MAX = Units.MIB + 64 * Units.KIB;

    public NetLimits {
        Check.that(connectionsMax > 0, "connectionsMax", connectionsMax);
        Check.that(inFlightMax > 0 && inFlightPerConnectionMax > 0, "inFlightMax", inFlightMax);
        Check.that(recordBytesMax > 0 && recordBytesMax <= RECORD_BYTES_MAX, "recordBytesMax", recordBytesMax);
        // One record being worked on and one being received.
        Check.that(
                receivePerConnectionBytesMax >= 3L * recordBytesMax, "receive bound", receivePerConnectionBytesMax);
        Check.that(sendPerConnectionBytesMax >= 2L * RECORD_BYTES_MAX, "send bound", sendPerConnectionBytesMax);
        Check.that(receiveBytesMax >= 2 * receivePerConnectionBytesMax, "receiveBytesMax", receiveBytesMax);
        Check.that(sendBytesMax >= 2 * sendPerConnectionBytesMax, "sendBytesMax", sendBytesMax);
        Check.that(stallMs > 0, "stallMs", stallMs);
    }

    public static NetLimits defaults() {
        return new NetLimits(
                1024,
                1024,
                64,
                64L * Units.MIB,
                8L * Units.MIB,
                64L * Units.MIB,
                8L * Units.MIB,
                RECORD_BYTES_MAX,
                5_000);
    }
}
