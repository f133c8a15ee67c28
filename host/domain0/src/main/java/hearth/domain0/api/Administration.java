package hearth.domain0.api;

import java.net.URI;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Semaphore;

import com.fasterxml.jackson.databind.node.ObjectNode;

import hearth.domain0.config.ExportConfig;
import hearth.domain0.config.VolumeRules;
import hearth.domain0.domain.Domain;
import hearth.memory.channel.AdminRequest;
import hearth.memory.channel.AdminRequest.Outcome;

/// The calls about one controller's volumes and exports: judged by the rules that the file's reader has, then given to
/// the controller. Every one is answered with all volumes, or all exports, as they are afterwards.
final class Administration {
    private static final SecureRandom RANDOM = new SecureRandom();

    /// Each of them holds a thread of the interface while a controller restarts; status must be told meanwhile.
    private static final int RUNNING_MAX = 4;

    private static final Semaphore RUNNING = new Semaphore(RUNNING_MAX);

    private final ControlledDomain domain;
    private final URI uri;

    Administration(ControlledDomain domain, URI uri) {
        this.domain = domain;
        this.uri = uri;
    }

    ObjectNode volumes() throws ApiError, RefusedException, InterruptedException {
        query();
        return Json.volumes(domain, ask(new AdminRequest.ListVolumes()).volumes());
    }

    ObjectNode exports() throws ApiError, RefusedException, InterruptedException {
        query();
        return Json.exports(domain, ask(new AdminRequest.ListVolumes()).volumes());
    }

    ObjectNode createVolume() throws ApiError, RefusedException, InterruptedException {
        var query = query("name", "size");
        String name = query.text("name");
        require("name", VolumeRules.name(name));
        return changeVolume(new AdminRequest.CreateVolume(number(), name, size(query.optional("size").orElse("none"))));
    }

    ObjectNode resizeVolume(String name) throws ApiError, RefusedException, InterruptedException {
        return changeVolume(new AdminRequest.ResizeVolume(number(), name, size(query("size").text("size"))));
    }

    ObjectNode deleteVolume(String name) throws ApiError, RefusedException, InterruptedException {
        return changeVolume(new AdminRequest.DeleteVolume(number(), name, query("force").flag("force")));
    }

    ObjectNode createExport() throws ApiError, RefusedException, InterruptedException {
        var query = query("path", "volume", "clients", "access", "squash");
        String path = query.text("path");
        String volume = query.text("volume");
        require("path", VolumeRules.path(path, "/" + volume));
        List<String> clients = List.of(query.text("clients").split(",", -1));
        require("clients", VolumeRules.clients(clients));
        var access = choice(query, "access", ExportConfig.Access.class).orElse(ExportConfig.Access.RW);
        var squash = choice(query, "squash", ExportConfig.Squash.class).orElse(ExportConfig.Squash.ROOT);
        return changeExport(new AdminRequest.CreateExport(number(), path, volume, access == ExportConfig.Access.RO,
                VolumeRules.word(squash), clients));
    }

    ObjectNode setExport() throws ApiError, RefusedException, InterruptedException {
        var query = query("path", "clients", "access", "squash");
        String path = query.text("path");
        List<String> clients = List.of();
        if (query.has("clients")) {
            clients = List.of(query.text("clients").split(",", -1));
            require("clients", VolumeRules.clients(clients));
        }
        var access = choice(query, "access", ExportConfig.Access.class);
        var squash = choice(query, "squash", ExportConfig.Squash.class);
        if (clients.isEmpty() && access.isEmpty() && squash.isEmpty()) {
            throw ApiError.badRequest("nothing to set; there are clients, access and squash");
        }
        return changeExport(new AdminRequest.SetExport(number(), path,
                access.map(wanted -> wanted == ExportConfig.Access.RO), squash.map(VolumeRules::word), clients));
    }

    ObjectNode deleteExport() throws ApiError, RefusedException, InterruptedException {
        return changeExport(new AdminRequest.DeleteExport(number(), query("path").text("path")));
    }

    private ObjectNode changeVolume(AdminRequest.Change change)
            throws ApiError, RefusedException, InterruptedException {
        return Json.volumes(domain, ask(change).volumes());
    }

    private ObjectNode changeExport(AdminRequest.Change change)
            throws ApiError, RefusedException, InterruptedException {
        return Json.exports(domain, ask(change).volumes());
    }

    private Domain.Administered ask(AdminRequest request) throws ApiError, RefusedException, InterruptedException {
        if (!RUNNING.tryAcquire()) {
            throw ApiError.refused(RUNNING_MAX + " such calls wait for their controllers; try again");
        }
        Domain.Administered answer;
        try {
            answer = domain.administer(request);
        } finally {
            RUNNING.release();
        }
        if (answer.outcome() != Outcome.DONE) {
            throw ApiError.of(answer.outcome(), "controller " + domain.name() + ": " + answer.text());
        }
        return answer;
    }

    private Query query(String... allowed) throws ApiError {
        return new Query(uri, Set.of(allowed));
    }

    /// Zero means no change to those who keep it.
    private static long number() {
        long number = RANDOM.nextLong();
        return number == 0 ? 1 : number;
    }

    private static void require(String key, Optional<String> complaint) throws ApiError {
        if (complaint.isPresent()) {
            throw ApiError.badRequest("argument " + key + " " + complaint.get());
        }
    }

    private static long size(String text) throws ApiError {
        OptionalLong size = VolumeRules.size(text);
        if (size.isEmpty()) {
            throw ApiError.badRequest("argument size " + VolumeRules.sizeComplaint(text));
        }
        return size.getAsLong();
    }

    private static <E extends Enum<E>> Optional<E> choice(Query query, String key, Class<E> type) throws ApiError {
        Optional<String> text = query.optional(key);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<E> value = VolumeRules.choice(type, text.get());
        if (value.isEmpty()) {
            throw ApiError.badRequest("argument " + key + " " + VolumeRules.choiceComplaint(type, text.get()));
        }
        return value;
    }
}
