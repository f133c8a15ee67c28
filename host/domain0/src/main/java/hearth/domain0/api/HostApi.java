package hearth.domain0.api;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/// Serves the interface on loopback. Every call shows the token, and names this machine as the host it means: a web
/// page that was talked into calling knows neither.
public final class HostApi implements AutoCloseable {
    // Calls that wait (restart, down) hold a thread; the rest are short. Beyond the queue a connection is closed.
    private static final int THREADS = 8;
    private static final int WAITING_MAX = 64;
    private static final int TOKEN_SIZE = 32;
    private static final int REQUEST_SECONDS_MAX = 10;
    private static final int LAST_ANSWER_SECONDS = 5;
    private static final int BACKLOG = 32;
    private static final String SCHEME = "Bearer ";

    private final HttpServer server;
    private final ThreadPoolExecutor threads;
    private final Routes routes;
    private final String token;

    static {
        // The server's only way to be told that a request may not trickle in for ever, and not from everywhere at once.
        System.setProperty("sun.net.httpserver.maxReqTime", Integer.toString(REQUEST_SECONDS_MAX));
        System.setProperty("jdk.httpserver.maxConnections", Integer.toString(WAITING_MAX));
    }

    private HostApi(HttpServer server, Routes routes, String token) {
        this.server = server;
        this.routes = routes;
        this.token = token;
        threads = new ThreadPoolExecutor(
                THREADS, THREADS, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(WAITING_MAX),
                Thread.ofPlatform().name("api-", 0).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /// Starts to serve.
    ///
    /// @param port on loopback; 0: any free one
    public static HostApi start(ControlledHost host, int port) throws IOException {
        byte[] secret = new byte[TOKEN_SIZE];
        new SecureRandom().nextBytes(secret);
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), BACKLOG);
        } catch (BindException e) {
            throw new IOException("cannot listen on 127.0.0.1 port " + port + " (api-port): " + e.getMessage(), e);
        }
        return new HostApi(server, new Routes(host), HexFormat.of().formatHex(secret));
    }

    /// `http://127.0.0.1:PORT`.
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /// What every call shows as `Authorization: Bearer …`.
    public String token() {
        return token;
    }

    /// What `GET /v1/status` answers, for people who read it as it is.
    public static String status(ControlledHost host) {
        return Json.host(host).toPrettyString();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            int status = 200;
            Answer answer;
            try {
                admit(exchange);
                answer = routes.answer(exchange.getRequestMethod(), exchange.getRequestURI());
            } catch (ApiError e) {
                status = e.status();
                answer = Answer.of(Json.error(e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                status = 503;
                answer = Answer.of(Json.error(ApiError.broken("the host is stopping")));
            } catch (RuntimeException e) {
                // A bug in one call is no reason to take storage away from anybody.
                e.printStackTrace();
                status = 500;
                answer = Answer.of(Json.error(ApiError.broken("the host met a bug: " + e)));
            }
            byte[] body = answer.body();
            exchange.getResponseHeaders().set("Content-Type", answer.contentType());
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private void admit(HttpExchange exchange) throws ApiError {
        int port = server.getAddress().getPort();
        String host = String.valueOf(exchange.getRequestHeaders().getFirst("Host"));
        if (!Set.of("127.0.0.1:" + port, "localhost:" + port).contains(host)) {
            throw ApiError.forbidden("this is 127.0.0.1:" + port + ", not " + host);
        }
        String shown = exchange.getRequestHeaders().getFirst("Authorization");
        byte[] expected = (SCHEME + token).getBytes(StandardCharsets.UTF_8);
        // Takes as long for a token that is nearly right as for one that is not.
        if (shown == null || !MessageDigest.isEqual(expected, shown.getBytes(StandardCharsets.UTF_8))) {
            throw ApiError.unauthorised();
        }
    }

    /// Lets the calls that run get their answers, and stops.
    @Override
    public void close() {
        server.stop(LAST_ANSWER_SECONDS);
        threads.shutdown();
    }
}
