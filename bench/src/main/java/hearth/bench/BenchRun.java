package hearth.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/// One run of the bench: the servers that are up, the client, and how long to measure. One thread.
final class BenchRun {
    static final int DATA_MIB = 256;
    static final int MIB = 1 << 20;

    private final HearthServer hearth;
    private final @Nullable Server peer;
    private final LoadClient client;
    private final Effort effort;
    private boolean prepared;

    /// How long to measure.
    ///
    /// @param rounds how often each load runs on each server
    /// @param seconds how long each load runs
    /// @param warmUpSeconds how long it runs before it is measured
    /// @param minutes how long the load for the resident set runs
    record Effort(int rounds, int seconds, int warmUpSeconds, int minutes) {}

    /// @param peer the peer, or null without `--peers`
    BenchRun(HearthServer hearth, @Nullable Server peer, LoadClient client, Effort effort) {
        this.hearth = hearth;
        this.peer = peer;
        this.client = client;
        this.effort = effort;
    }

    HearthServer hearth() {
        return hearth;
    }

    LoadClient client() {
        return client;
    }

    Effort effort() {
        return effort;
    }

    int rounds() {
        return effort.rounds();
    }

    int seconds() {
        return effort.seconds();
    }

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

    /// Hearth's part of what was collected by server.
    List<LoadClient.Run> ofHearth(Map<Server, List<LoadClient.Run>> runs) {
        return runs.getOrDefault(hearth, List.of());
    }

    /// The peer's part; empty without one.
    List<LoadClient.Run> ofPeer(Map<Server, List<LoadClient.Run>> runs) {
        return peer == null ? List.of() : runs.getOrDefault(peer, List.of());
    }

    /// Gives every server the file that the loads read and write, and reads it once, so that it is cached.
    void prepare() throws IOException, InterruptedException {
        if (prepared) {
            return;
        }
        for (Server server : servers()) {
            client.run(server, "fill", wholeFile("data", DATA_MIB));
            readOnce(server, "data", DATA_MIB);
        }
        prepared = true;
    }

    void readOnce(Server server, String file, int mib) throws IOException, InterruptedException {
        var pass = new ArrayList<>(wholeFile(file, mib));
        pass.addAll(List.of("--sequential", "1", "--count", "" + mib));
        client.run(server, "read", pass);
    }

    /// Options that go over a file in pieces of 1 MiB.
    static List<String> wholeFile(String file, int mib) {
        return List.of("--file", file, "--size", "" + (long) mib * MIB, "--block", "" + MIB, "--depth", "4");
    }
}
