package hearth.domain0.domain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import hearth.memory.channel.AdminRequest;
import hearth.memory.channel.AdminRequest.Outcome;
import hearth.memory.channel.ChannelMessage;

/// What a guest is asked for on an administrator's behalf. A request that a guest did not answer before its death is
/// asked again of its successor: the aggregate knows by the request's number whether it was done. Any thread may want
/// something; the domain's thread asks and answers.
final class AdminRequests {
    private final Map<Long, Open> open = new LinkedHashMap<>();
    private long nextId = 1;

    /// What the guest said.
    record Answer(Outcome outcome, List<String> lines) {}

    /// A request that waits for its answer.
    private static final class Open {
        final AdminRequest request;
        final CompletableFuture<Answer> answer = new CompletableFuture<>();
        boolean sent;

        Open(AdminRequest request) {
            this.request = request;
        }
    }

    /// @param id for `forget`
    record Wanted(long id, CompletableFuture<Answer> answer) {}

    synchronized Wanted want(AdminRequest request) {
        long id = nextId++;
        var entry = new Open(request);
        open.put(id, entry);
        return new Wanted(id, entry.answer);
    }

    /// What this guest was not asked for yet.
    synchronized List<ChannelMessage.Administer> unsent() {
        if (open.isEmpty()) {
            return List.of();
        }
        var messages = new ArrayList<ChannelMessage.Administer>();
        open.forEach((id, entry) -> {
            if (!entry.sent) {
                entry.sent = true;
                messages.add(new ChannelMessage.Administer(id, entry.request.lines()));
            }
        });
        return messages;
    }

    /// An answer to what nobody asked for, or not any more, is no answer.
    synchronized void done(long id, int outcome, List<String> lines) {
        Outcome[] outcomes = Outcome.values();
        Open entry = open.remove(id);
        if (entry != null) {
            boolean known = outcome >= 0 && outcome < outcomes.length;
            entry.answer.complete(new Answer(known ? outcomes[outcome] : Outcome.REFUSED, lines));
        }
    }

    /// Nobody waits for it any more; it is not asked again.
    synchronized void forget(long id) {
        open.remove(id);
    }

    /// The successor is asked again.
    synchronized void guestGone() {
        open.values().forEach(entry -> entry.sent = false);
    }

    /// There will be no successor before somebody acts.
    synchronized void giveUp(String why) {
        open.values().forEach(entry -> entry.answer.complete(new Answer(Outcome.REFUSED, List.of(why))));
        open.clear();
    }
}
