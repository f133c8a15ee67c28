package hearth.domain0.api;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.node.ObjectNode;

import hearth.domain0.event.EventLog;

/// Which call does what. Knows nothing of HTTP but the method's name and the path.
final class Routes {
    private static final int EVENTS_DEFAULT = 50;
    private static final int EVENTS_MAX = 10_000;

    private static final String CONTROLLER = "/v1/controllers/{name}/";

    private final ControlledHost host;

    /// Every call there is, as `docs/openapi.yaml` names it: method, blank, path with its parameters in braces.
    private final Map<String, Handler> routes = new LinkedHashMap<>();

    /// A call, with the values of the path's parameters in their order.
    @FunctionalInterface
    private interface Handler {
        Answer answer(URI uri, List<String> parameters) throws ApiError, RefusedException, InterruptedException;
    }

    /// The same for a call about one controller.
    @FunctionalInterface
    private interface DomainHandler {
        ObjectNode answer(ControlledDomain domain, URI uri, List<String> parameters)
                throws ApiError, RefusedException, InterruptedException;
    }

    Routes(ControlledHost host) {
        this.host = host;
        routes.put("GET /metrics", (uri, _) -> {
            var _ = new Query(uri, Set.of());
            return new Answer(Metrics.CONTENT_TYPE, Metrics.of(host));
        });
        routes.put("GET /v1/openapi.yaml", (uri, _) -> {
            var _ = new Query(uri, Set.of());
            return OpenApiFile.answer();
        });
        routes.put("GET /v1/status", (uri, _) -> {
            var _ = new Query(uri, Set.of());
            return Answer.of(Json.host(host));
        });
        routes.put("GET /v1/events", (uri, _) -> Answer.of(events(uri)));
        routes.put("POST /v1/down", (uri, _) -> {
            var _ = new Query(uri, Set.of());
            return Answer.of(Json.stopped(host.down()));
        });
        controllers();
        administration();
    }

    private void controllers() {
        controller("GET", "status", (domain, uri, _) -> {
            var _ = new Query(uri, Set.of());
            return Json.controller(domain);
        });
        controller("GET", "timeline", (domain, uri, _) -> {
            var _ = new Query(uri, Set.of());
            return Json.timeline(domain);
        });
        controller("GET", "disks", (domain, uri, _) -> {
            var _ = new Query(uri, Set.of());
            return Json.disks(domain);
        });
        controller("POST", "kill", (domain, uri, _) -> {
            var query = new Query(uri, Set.of("conventional"));
            return Json.killed(domain, domain.kill(query.flag("conventional")));
        });
        controller("POST", "restart", (domain, uri, _) -> {
            var query = new Query(uri, Set.of("conventional", "dropCache"));
            return Json.restarted(domain, domain.restart(query.flag("conventional"), query.flag("dropCache")));
        });
        controller("POST", "consistency-point", (domain, uri, _) -> {
            var _ = new Query(uri, Set.of());
            domain.takeConsistencyPoint();
            return Json.controller(domain);
        });
    }

    private void administration() {
        controller("GET", "volumes", (domain, uri, _) -> new Administration(domain, uri).volumes());
        controller("POST", "volumes", (domain, uri, _) -> new Administration(domain, uri).createVolume());
        controller("POST", "volumes/{volume}/resize", (domain, uri, parameters) ->
                new Administration(domain, uri).resizeVolume(parameters.get(1)));
        controller("POST", "volumes/{volume}/delete", (domain, uri, parameters) ->
                new Administration(domain, uri).deleteVolume(parameters.get(1)));
        controller("GET", "exports", (domain, uri, _) -> new Administration(domain, uri).exports());
        controller("POST", "exports", (domain, uri, _) -> new Administration(domain, uri).createExport());
        controller("POST", "exports/set", (domain, uri, _) -> new Administration(domain, uri).setExport());
        controller("POST", "exports/delete", (domain, uri, _) -> new Administration(domain, uri).deleteExport());
    }

    private void controller(String method, String what, DomainHandler handler) {
        routes.put(method + " " + CONTROLLER + what, (uri, parameters) ->
                Answer.of(handler.answer(find(parameters.getFirst()), uri, parameters)));
    }

    /// The calls there are.
    Set<String> all() {
        return Set.copyOf(routes.keySet());
    }

    Answer answer(String method, URI uri) throws ApiError, InterruptedException {
        String path = String.valueOf(uri.getRawPath());
        Optional<String> otherMethod = Optional.empty();
        for (Map.Entry<String, Handler> route : routes.entrySet()) {
            int blank = route.getKey().indexOf(' ');
            Optional<List<String>> parameters = match(route.getKey().substring(blank + 1), path);
            if (parameters.isEmpty()) {
                continue;
            }
            String routeMethod = route.getKey().substring(0, blank);
            if (!routeMethod.equals(method)) {
                otherMethod = Optional.of(otherMethod.map(one -> one + " or " + routeMethod).orElse(routeMethod));
                continue;
            }
            try {
                return route.getValue().answer(uri, parameters.get());
            } catch (RefusedException e) {
                throw ApiError.refused(String.valueOf(e.getMessage()));
            }
        }
        if (otherMethod.isPresent()) {
            throw ApiError.wrongMethod(otherMethod.get());
        }
        throw nothingAt(path);
    }

    private static ApiError nothingAt(String path) {
        String[] parts = path.split("/", -1);
        if (path.startsWith("/v1/controllers/") && parts.length > 4) {
            return ApiError.notFound("a controller has no call '" + path.split("/", 5)[4] + "'");
        }
        return path.startsWith("/v1/")
                ? ApiError.notFound("there is no call " + path)
                : ApiError.notFound("there is nothing at " + path + "; calls start with /v1/");
    }

    /// The values of the parameters if the path is one of the pattern's.
    private static Optional<List<String>> match(String pattern, String path) throws ApiError {
        String[] wanted = pattern.split("/", -1);
        String[] given = path.split("/", -1);
        if (wanted.length != given.length) {
            return Optional.empty();
        }
        var parameters = new ArrayList<String>();
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].startsWith("{")) {
                parameters.add(decode(given[i]));
            } else if (!wanted[i].equals(given[i])) {
                return Optional.empty();
            }
        }
        return Optional.of(parameters);
    }

    private static String decode(String text) throws ApiError {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ApiError.badRequest("'" + text + "' is not URL-encoded");
        }
    }

    private ObjectNode events(URI uri) throws ApiError {
        var query = new Query(uri, Set.of("after", "last"));
        List<EventLog.Numbered> events = query.has("after")
                ? host.events().after(query.number("after", 0, Long.MAX_VALUE))
                : host.events().last((int) query.number("last", EVENTS_DEFAULT, EVENTS_MAX));
        return Json.events(events);
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
