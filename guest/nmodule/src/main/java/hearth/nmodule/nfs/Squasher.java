package hearth.nmodule.nfs;

import hearth.cf.Caller;
import hearth.cf.Export;
import hearth.nmodule.rpc.Credentials;
import hearth.nmodule.rpc.RpcCall;

/// Whose rights a call has: the export's squash rule applied to what the client says. AUTH_NONE is always anonymous.
final class Squasher {
    private static final int[] NO_GROUPS = new int[0];

    private Squasher() {}

    /// `address` is normalized.
    static Caller caller(RpcCall call, byte[] address, Export export) {
        long checksum = call.checksum();
        if (export.squash() == Export.Squash.ALL || !(call.credentials() instanceof Credentials.Unix unix)) {
            return new Caller(
                    address,
                    call.xid(),
                    checksum,
                    export.anonymousUid(),
                    export.anonymousGid(),
                    NO_GROUPS,
                    export.readOnly());
        }
        boolean rootToo = export.squash() == Export.Squash.NONE;
        return new Caller(
                address,
                call.xid(),
                checksum,
                unix.uid() == 0 && !rootToo ? export.anonymousUid() : unix.uid(),
                rootToo ? unix.gid() : squashedGroup(unix.gid(), export),
                rootToo ? unix.groups() : squashedGroups(unix.groups(), export),
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
