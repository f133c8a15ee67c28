package hearth.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/// A server under load: where its export is, and the processes whose processor time is what it costs.
interface Server extends AutoCloseable {
    String name();

    /// `address:nfs port:mount port:/export`, as the client takes it.
    String target();

    /// The export for a client that asks the portmapper.
    String url();

    /// What stands before a client's command line, so that it runs where the server can be reached.
    default List<String> entrance() {
        return List.of();
    }

    /// Process ids by role, in the order in which they are shown.
    Map<String, Long> processes() throws IOException, InterruptedException;

    @Override
    void close() throws IOException, InterruptedException;
}
