package hearth.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

/// Hearth with one controller on a mirror of two files, whose cache holds all that the loads touch.
final class HearthServer implements Server {
    private final BenchHost host;
    private final String target;

    /// Where port 111 is nobody else's, clients may ask there.
    private static final String APART = "listen: [{address: 127.0.0.1, portmapper: true}]";

    /// One with a cache and a log of these sizes.
    HearthServer(Path folder, int cacheMib, int logMib) throws IOException, InterruptedException {
        this(folder, configuration("", cacheMib, logMib));
    }

    /// The one that all loads are for. Port 111 takes one portmapper.
    static HearthServer forAllLoads(Path folder, int cacheMib, int logMib) throws IOException, InterruptedException {
        return new HearthServer(folder, configuration(Apart.is() ? APART : "", cacheMib, logMib));
    }

    private static String configuration(String listen, int cacheMib, int logMib) {
        return """
                controllers:
                  - name: a
                    %s
                    disks:
                      - size: 4GiB
                      - size: 4GiB
                    memory:
                      cache: %dMiB
                      log: %dMiB
                """.formatted(listen, cacheMib, logMib);
    }

    /// One with this configuration, or none if it is empty.
    HearthServer(Path folder, String configuration) throws IOException, InterruptedException {
        host = new BenchHost(folder, configuration);
        URI url = URI.create(host.controller().path("urls").path(0).asText());
        int port = Integer.parseInt(url.getQuery().replaceAll(".*nfsport=([0-9]+).*", "$1"));
        target = url.getHost() + ":" + port + ":" + port + ":" + url.getPath();
    }

    BenchHost host() {
        return host;
    }

    @Override
    public String name() {
        return "hearth";
    }

    @Override
    public String target() {
        return target;
    }

    @Override
    public String url() {
        return "nfs://" + target.substring(0, target.indexOf(':')) + target.substring(target.lastIndexOf(':') + 1);
    }

    @Override
    public Map<String, Long> processes() throws IOException, InterruptedException {
        JsonNode status = host.json("status");
        var processes = new LinkedHashMap<String, Long>();
        processes.put("guest", status.path("controllers").path(0).path("pid").asLong());
        processes.put("domain0", status.path("pid").asLong());
        return processes;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        host.close();
    }
}
