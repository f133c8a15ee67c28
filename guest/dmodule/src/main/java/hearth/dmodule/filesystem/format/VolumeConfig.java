package hearth.dmodule.filesystem.format;

import java.nio.charset.StandardCharsets;
import java.util.List;

import hearth.cf.Export;

/// What an administrator says about a volume.
///
/// @param name 1..63 bytes of UTF-8
/// @param exportPath what clients mount ("/vol0"), at most 63 bytes; empty: not exported
/// @param readOnly `access ro`
/// @param clients CIDR blocks, at most 191 bytes when joined by commas; empty means everyone
/// @param limitBlocks the most that it may use; 0: as much as the aggregate has
public record VolumeConfig(
        String name,
        String exportPath,
        boolean readOnly,
        List<String> clients,
        Export.Squash squash,
        int anonymousUid,
        int anonymousGid,
        long limitBlocks) {
    /// Whoever has no identity of his own.
    public static final int NOBODY = 65_534;

    /// One without a limit.
    public VolumeConfig(
            String name,
            String exportPath,
            boolean readOnly,
            List<String> clients,
            Export.Squash squash,
            int anonymousUid,
            int anonymousGid) {
        this(name, exportPath, readOnly, clients, squash, anonymousUid, anonymousGid, 0);
    }

    /// One that is not exported.
    public static VolumeConfig notExported(String name, long limitBlocks) {
        return new VolumeConfig(name, "", false, List.of(), Export.Squash.ROOT, NOBODY, NOBODY, limitBlocks);
    }

    public VolumeConfig {
        clients = List.copyOf(clients);
        require(!name.isEmpty(), "name", name, "not empty");
        limit("name", name, VolumeLayout.NAME_SIZE - 1);
        limit("exportPath", exportPath, VolumeLayout.PATH_SIZE - 1);
        require(exportPath.isEmpty() || exportPath.startsWith("/"), "exportPath", exportPath, "absolute, or empty");
        limit("clients", String.join(",", clients), VolumeLayout.CLIENTS_SIZE - 1);
        require(limitBlocks >= 0, "limitBlocks", Long.toString(limitBlocks), "not negative");
        for (String client : clients) {
            require(!client.isEmpty() && client.indexOf(',') < 0, "clients", client, "CIDR blocks");
        }
    }

    public boolean isExported() {
        return !exportPath.isEmpty();
    }

    /// The same with another limit.
    public VolumeConfig withLimit(long blocks) {
        return new VolumeConfig(name, exportPath, readOnly, clients, squash, anonymousUid, anonymousGid, blocks);
    }

    /// The same exported so.
    public VolumeConfig withExport(String path, boolean asReadOnly, Export.Squash whose, List<String> toClients) {
        return new VolumeConfig(name, path, asReadOnly, toClients, whose, NOBODY, NOBODY, limitBlocks);
    }

    private static void limit(String key, String value, int max) {
        require(value.getBytes(StandardCharsets.UTF_8).length <= max, key, value, "at most " + max + " bytes");
    }

    /// @throws IllegalArgumentException names key, value and what is allowed
    private static void require(boolean holds, String key, String value, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException(key + ": '" + value + "' is not allowed: " + allowed);
        }
    }
}
