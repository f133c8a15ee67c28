package hearth.nmodule.rpc;

import java.util.Arrays;

/// Who a call says it comes from, before any squashing.
public sealed interface Credentials {
    /// AUTH_NONE: nobody in particular.
    record Anonymous() implements Credentials {}

    /// AUTH_SYS (RFC 5531 §14, appendix A): what the client machine says of its user.
    ///
    /// @param groups at most 16; not changed by anyone
    @SuppressWarnings("ArrayRecordComponent") // one allocation less per call; compared by nobody
    record Unix(int uid, int gid, int[] groups) implements Credentials {
        @Override
        public String toString() {
            return "Unix[uid=" + uid + ", gid=" + gid + ", groups=" + Arrays.toString(groups) + "]";
        }
    }
}
