package hearth.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// nfs-ganesha with its VFS backend on a folder: a process of this run alone, with a configuration of its own. It
/// wants a portmapper, and so may Hearth, so the two of it have a network namespace of their own within the run's (see
/// `Apart`); whoever speaks to it enters that. Each server is reached over a loopback, and neither has a longer way.
final class GaneshaServer implements Server {
    static final int NFS_PORT = 20490;
    private static final int MOUNT_PORT = 20491;
    private static final int START_SECONDS_MAX = 20;
    private final Path folder;
    private final Process portmapper;
    private final Process server;

    GaneshaServer(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        Path exported = Files.createDirectories(folder.resolve("export"));
        Path log = folder.resolve("log");
        Path configuration = Files.writeString(folder.resolve("ganesha.conf"), configuration(exported));
        portmapper = start(log, List.of("unshare", "--net", "sh", "-c", "ip link set lo up && exec rpcbind -f"));
        try {
            await(portmapper, "100000", log);
            server = start(log, entered("ganesha.nfsd", "-F", "-f", configuration.toString(), "-L",
                    folder.resolve("ganesha.log").toString(), "-p", folder.resolve("pid").toString()));
            await(server, "100003", folder.resolve("ganesha.log"));
        } catch (IOException e) {
            portmapper.destroy();
            throw e;
        }
    }

    private List<String> entered(String... line) {
        var all = new ArrayList<>(entrance());
        all.addAll(List.of(line));
        return all;
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

    private static Process start(Path log, List<String> line) throws IOException {
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /// Waits until a program answers.
    private void await(Process process, String program, Path log) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
        while (System.nanoTime() < deadline) {
            if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
                throw new IOException("a peer ended with " + process.exitValue() + ": "
                        + (Files.exists(log) ? Files.readString(log) : "")
                        + "; --peers needs the packages nfs-ganesha, nfs-ganesha-vfs and rpcbind");
            }
            try {
                BenchHost.execute(entered("rpcinfo", "-t", "127.0.0.1", program));
                return;
            } catch (IOException _) {
                // Not yet.
            }
        }
        throw new IOException("program " + program + " does not answer after " + START_SECONDS_MAX + " s");
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
    public List<String> entrance() {
        return List.of("nsenter", "--net=/proc/" + portmapper.pid() + "/ns/net");
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
