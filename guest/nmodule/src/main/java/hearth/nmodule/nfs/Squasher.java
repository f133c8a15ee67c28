package hearth.nmodule.nfs;

import hearth.cf.Caller;
import hearth.cf.Export;
import hearth.nmodule.rpc.Credentials;
import hearth.nmodule.rpc.RpcCall;

/// Whose rights a call has: the export's squash rule applied to what the client says.
final class Squasher {
    private static final int[] NO_GROUPS = new int[0];

    private Squasher() {}

    /// `address` is normalized.
    static Caller caller(RpcCall call, byte[] address, Export export) {
        long checksum = call.checksum();
        return switch (call.credentials()) {
            case Credentials.Anonymous _ -> anonymous(call, address, checksum, export);
            case Credentials.Unix unix ->
                switch (export.squash()) {
                    case ALL -> anonymous(call, address, checksum, export);
                    case NONE ->
                        new Caller(
                                address,
                                call.xid(),
                                checksum,
                                unix.uid(),
                                unix.gid(),
                                unix.groups(),
                                export.readOnly());
                    case ROOT ->
                        new Caller(
                                address,
                                call.xid(),
                                checksum,
                                unix.uid() == 0 ? export.anonymousUid() : unix.uid(),
                                squashedGroup(unix.gid(), export),
                                squashedGroups(unix.groups(), export),
                                export.readOnly());
                };
        };
    }

    private static Caller anonymous(RpcCall call, byte[] address, long checksum, Export export) {
        return new Caller(
                address,
                call.xid(),
                checksum,
                export.anonymousUid(),
                export.anonymousGid(),
                NO_GROUPS,
                export.readOnly());
    }

    private static int squashedGroup(int gid, Export export) {
        return gid == 0 ? export.anonymousGid() : gid;
    }

    private static int[] squashedGroups(int[] groups, Export export) {
        var squashed = new int[groups.length];
        for (int i = 0; i < groups.length; i++) {
            squashed[i] = squashedGroup(groups[i], export);
        }
        return squashed;
    }
}
