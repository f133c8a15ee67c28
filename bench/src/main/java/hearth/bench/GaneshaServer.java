package hearth.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// nfs-ganesha with its VFS backend on a folder: a process of this run alone, with a configuration of its own. It
/// wants a portmapper, so the run must be in a network namespace of its own (see `Apart`); the portmapper has one
/// address of loopback, and ours another one.
final class GaneshaServer implements Server {
    static final int NFS_PORT = 20490;
    private static final int MOUNT_PORT = 20491;
    private static final int PORTMAPPER_PORT = 111;
    private final Path folder;
    private final Process portmapper;
    private final Process server;

    GaneshaServer(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        Path exported = Files.createDirectories(folder.resolve("export"));
        Path log = folder.resolve("log");
        Path configuration = Files.writeString(folder.resolve("ganesha.conf"), configuration(exported));
        portmapper = start(log, "rpcbind", "-f", "-h", "127.0.0.1");
        try {
            await(portmapper, PORTMAPPER_PORT, log);
            server = start(
                    log,
                    "ganesha.nfsd",
                    "-F",
                    "-f",
                    configuration.toString(),
                    "-L",
                    folder.resolve("ganesha.log").toString(),
                    "-p",
                    folder.resolve("pid").toString());
            await(server, NFS_PORT, folder.resolve("ganesha.log"));
        } catch (IOException e) {
            portmapper.destroy();
            throw e;
        }
    }

    private static String configuration(Path exported) {
        return """
                NFS_CORE_PARAM {
                  NFS_Port = %d;
                  MNT_Port = %d;
                  NFS_Protocols = 3;
                  Enable_NLM = false;
                  Enable_RQUOTA = false;
                  Enable_UDP = false;
                }
                EXPORT {
                  Export_Id = 1;
                  Path = %s;
                  Pseudo = /bench;
                  Protocols = 3;
                  Transports = TCP;
                  Access_Type = RW;
                  Squash = No_Root_Squash;
                  SecType = sys;
                  FSAL { Name = VFS; }
                }
                LOG { Default_Log_Level = WARN; }
                """.formatted(NFS_PORT, MOUNT_PORT, exported);
    }

    private static Process start(Path log, String... line) throws IOException {
        try {
            return new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new IOException("--peers needs the packages nfs-ganesha, nfs-ganesha-vfs and rpcbind: "
                    + e.getMessage(), e);
        }
    }

    private static void await(Process process, int port, Path log) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < deadline) {
            if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
                throw new IOException(process.info().command().orElse("a peer") + " ended with "
                        + process.exitValue() + ": " + (Files.exists(log) ? Files.readString(log) : ""));
            }
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
                return;
            } catch (IOException _) {
                // Not yet.
            }
        }
        throw new IOException("nothing listens on port " + port + " after 20 s");
    }

    @Override
    public String name() {
        return "nfs-ganesha";
    }

    @Override
    public String target() {
        return "127.0.0.1:" + NFS_PORT + ":" + MOUNT_PORT + ":" + folder.resolve("export");
    }

    @Override
    public String url() {
        return "nfs://127.0.0.1" + folder.resolve("export");
    }

    @Override
    public Map<String, Long> processes() {
        return Map.of("ganesha", server.pid());
    }

    @Override
    public void close() throws IOException, InterruptedException {
        server.destroy();
        if (!server.waitFor(20, TimeUnit.SECONDS)) {
            server.destroyForcibly().waitFor();
        }
        portmapper.destroy();
        portmapper.waitFor();
        try (var all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
