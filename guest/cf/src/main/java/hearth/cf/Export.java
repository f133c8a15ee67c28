package hearth.cf;

import java.util.List;

/// What clients may mount. Lives on the aggregate; the N-module asks for the list and applies `clients` and `squash`.
///
/// @param path absolute, as given to MOUNT: "/vol0"
/// @param root handle of the volume's root directory
/// @param readOnly `access ro`
/// @param clients CIDR blocks ("192.168.1.0/24", "::1/128"); empty means everyone
/// @param squash whose identity becomes `anonymousUid`/`anonymousGid`
public record Export(
        String path,
        FileHandle root,
        boolean readOnly,
        List<String> clients,
        Squash squash,
        int anonymousUid,
        int anonymousGid) {
    public Export {
        clients = List.copyOf(clients);
    }

    public enum Squash {
        NONE(0),
        ROOT(1),
        ALL(2);

        private final int code;

        Squash(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }
    }
}
