package hearth.nmodule.nfs;

import java.util.List;

import hearth.cf.CfService;
import hearth.cf.FileHandle;
import hearth.nmodule.net.NetStatistics;
import hearth.nmodule.net.RecordService;
import hearth.nmodule.rpc.RpcServer;

/// Lets the fuzz targets at the NFS and MOUNT programs without connections.
public final class NfsDoor {
    private NfsDoor() {}

    public static RecordService server(CfService storage) {
        var statistics = new NetStatistics(1);
        var exports = new ExportTable(storage);
        return new RpcServer(
                List.of(new Nfs3Server(storage, exports, statistics, () -> {}),
                        new Mount3Server(storage, exports, statistics)),
                statistics);
    }

    /// The handle as clients hold it.
    public static byte[] bytes(FileHandle handle) {
        return FileHandleLayout.encode(handle);
    }
}
