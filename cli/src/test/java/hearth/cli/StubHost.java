package hearth.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// The interface of a host, as far as one side of a conversation goes: gives the answers that a test laid down, and
/// remembers the calls. The real interface has its tests in domain 0; both together are tested by acceptance.
final class StubHost implements AutoCloseable {
    static final String TOKEN = "0123456789abcdef";

    final List<String> calls = new CopyOnWriteArrayList<>();
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());

    /// Serves, and writes what a client needs into `data`.
    StubHost(Path data, long pid) throws IOException {
        Path run = Files.createDirectories(data.resolve("run"));
        Files.writeString(run.resolve("token"), TOKEN + "\n");
        Files.writeString(run.resolve("api.json"),
                "{\"url\":\"http://127.0.0.1:" + server.getLocalPort() + "\",\"pid\":" + pid + "}");
        Thread.ofPlatform().daemon().start(this::serve);
    }

    /// @param call such as `GET /v1/status`
    void answer(String call, int status, String body) {
        answers.put(call, status + "\n" + body);
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                one(socket);
            } catch (IOException e) {
                // A client that went away, or the end.
            }
        }
    }

    private void one(Socket socket) throws IOException {
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        String[] words = in.readLine().split(" ");
        String call = words[0] + " " + words[1];
        boolean admitted = false;
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            admitted |= line.equals("Authorization: Bearer " + TOKEN);
        }
        calls.add(call);
        String unknown = "404\n{\"error\":{\"message\":\"no " + call + "\",\"exit\":2}}";
        String[] answer = admitted
                ? answers.getOrDefault(call, unknown).split("\n", 2)
                : new String[] {"401", "{\"error\":{\"message\":\"no token\",\"exit\":1}}"};
        byte[] body = answer[1].getBytes(StandardCharsets.UTF_8);
        socket.getOutputStream().write(("HTTP/1.1 " + answer[0] + " x\r\nContent-Length: " + body.length
                + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(body);
        socket.getOutputStream().flush();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
