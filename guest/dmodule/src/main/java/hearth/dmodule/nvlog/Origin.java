package hearth.dmodule.nvlog;

import hearth.cf.Caller;
import hearth.memory.log.CallIdentity;

/// Who made a record happen: a client's call, or the storage system itself.
public record Origin(CallIdentity call) {
    /// Nobody outside: the record answers no call.
    public static final Origin INTERNAL = new Origin(CallIdentity.NONE);

    public static Origin of(Caller caller) {
        byte[] address = caller.clientAddress();
        return address.length == 0
                ? INTERNAL : new Origin(CallIdentity.of(address, caller.xid(), caller.callChecksum()));
    }
}
