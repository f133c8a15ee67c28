package hearth.domain0.api;

import java.net.URI;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.node.ObjectNode;

import hearth.domain0.event.EventLog;

/// Which call does what. Knows nothing of HTTP but the method's name and the path.
final class Routes {
    private static final String PREFIX = "/v1/";
    private static final int EVENTS_DEFAULT = 50;
    private static final int EVENTS_MAX = 10_000;

    private final ControlledHost host;

    Routes(ControlledHost host) {
        this.host = host;
    }

    ObjectNode answer(String method, URI uri) throws ApiError, InterruptedException {
        String path = uri.getPath();
        if (path == null || !path.startsWith(PREFIX)) {
            throw ApiError.notFound("there is nothing at " + path + "; calls start with " + PREFIX);
        }
        String[] parts = path.substring(PREFIX.length()).split("/", -1);
        if (parts[0].equals("controllers") && parts.length == 3) {
            return controller(method, uri, parts[1], parts[2]);
        }
        return switch (path.substring(PREFIX.length())) {
            case "status" -> {
                expect(method, "GET");
                var _ = new Query(uri, Set.of());
                yield Json.host(host);
            }
            case "events" -> {
                expect(method, "GET");
                yield events(uri);
            }
            case "down" -> {
                expect(method, "POST");
                var _ = new Query(uri, Set.of());
                yield Json.stopped(host.down());
            }
            default -> throw ApiError.notFound("there is no call " + path);
        };
    }

    private static void expect(String method, String wanted) throws ApiError {
        if (!method.equals(wanted)) {
            throw ApiError.wrongMethod(wanted);
        }
    }

    private ObjectNode events(URI uri) throws ApiError {
        var query = new Query(uri, Set.of("after", "last"));
        List<EventLog.Numbered> events = query.has("after")
                ? host.events().after(query.number("after", 0, Long.MAX_VALUE))
                : host.events().last((int) query.number("last", EVENTS_DEFAULT, EVENTS_MAX));
        return Json.events(events);
    }

    private ObjectNode controller(String method, URI uri, String name, String what)
            throws ApiError, InterruptedException {
        ControlledDomain domain = find(name);
        try {
            return switch (what) {
                case "status" -> {
                    expect(method, "GET");
                    var _ = new Query(uri, Set.of());
                    yield Json.controller(domain);
                }
                case "timeline" -> {
                    expect(method, "GET");
                    var _ = new Query(uri, Set.of());
                    yield Json.timeline(domain);
                }
                case "kill" -> {
                    expect(method, "POST");
                    var query = new Query(uri, Set.of("conventional"));
                    yield Json.killed(domain, domain.kill(query.flag("conventional")));
                }
                case "restart" -> {
                    expect(method, "POST");
                    var query = new Query(uri, Set.of("conventional", "dropCache"));
                    yield Json.restarted(
                            domain, domain.restart(query.flag("conventional"), query.flag("dropCache")));
                }
                case "consistency-point" -> {
                    expect(method, "POST");
                    var _ = new Query(uri, Set.of());
                    domain.takeConsistencyPoint();
                    yield Json.controller(domain);
                }
                default -> throw ApiError.notFound("a controller has no call '" + what + "'");
            };
        } catch (RefusedException e) {
            throw ApiError.refused(String.valueOf(e.getMessage()));
        }
    }

    private ControlledDomain find(String name) throws ApiError {
        for (ControlledDomain domain : host.domains()) {
            if (domain.name().equals(name)) {
                return domain;
            }
        }
        throw ApiError.notFound("there is no controller '" + name + "'; there are: "
                + String.join(", ", host.domains().stream().map(ControlledDomain::name).toList()));
    }
}
