package hearth.dmodule.filesystem.format;

import java.util.List;

import hearth.cf.Export;

/// What an administrator says about a volume.
///
/// @param name 1..63 bytes of UTF-8
/// @param exportPath what clients mount ("/vol0"), at most 63 bytes; empty: not exported
/// @param readOnly `access ro`
/// @param clients CIDR blocks, at most 150 bytes when joined by commas; empty means everyone
public record VolumeConfig(
        String name,
        String exportPath,
        boolean readOnly,
        List<String> clients,
        Export.Squash squash,
        int anonymousUid,
        int anonymousGid) {
    public VolumeConfig {
        clients = List.copyOf(clients);
    }
}
