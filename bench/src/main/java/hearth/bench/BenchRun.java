package hearth.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/// One run of the bench: the servers that are up, the client, and how long to measure.
///
/// @param peer the peer, or null without `--peers`
/// @param rounds how often each load runs on each server
/// @param seconds how long each load runs
/// @param warmUpSeconds how long it runs before it is measured
/// @param minutes how long the load for the resident set runs
record BenchRun(
        HearthServer hearth,
        @Nullable Server peer,
        LoadClient client,
        int rounds,
        int seconds,
        int warmUpSeconds,
        int minutes) {

    static final int DATA_MIB = 256;

    List<Server> servers() {
        var servers = new ArrayList<Server>(List.of(hearth));
        if (peer != null) {
            servers.add(peer);
        }
        return servers;
    }

    /// The servers in the order of a round: who goes first changes, so that neither always follows the other.
    List<Server> servers(int round) {
        List<Server> servers = servers();
        return round % 2 == 0 ? servers : servers.reversed();
    }

    /// Gives every server the file that the loads read and write, and reads it once, so that it is cached.
    void prepare() throws IOException, InterruptedException {
        for (Server server : servers()) {
            var whole = List.of("--file", "data", "--size", "" + (DATA_MIB << 20), "--block", "" + (1 << 20),
                    "--depth", "4");
            client.run(server, "fill", whole);
            var pass = new ArrayList<>(whole);
            pass.addAll(List.of("--sequential", "1", "--count", "" + DATA_MIB));
            client.run(server, "read", pass);
        }
    }
}
