package hearth.domain0.domain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// Consistency points that a guest is asked for. Any thread may want one; the domain's thread asks and answers.
final class ConsistencyPoints {
    private final Map<Long, CompletableFuture<Done>> open = new HashMap<>();
    private final List<Long> unsent = new ArrayList<>();
    private long nextId = 1;
    private long restartId;

    /// What the guest said.
    record Done(boolean ok, String text) {}

    /// Wants one; the answer is complete when it is done or the guest is gone. With `forRestart` a kill is due then.
    synchronized CompletableFuture<Done> want(boolean forRestart) {
        long id = nextId++;
        var answer = new CompletableFuture<Done>();
        open.put(id, answer);
        unsent.add(id);
        restartId = forRestart ? id : restartId;
        return answer;
    }

    /// Those that nobody was asked for yet; they are given once.
    synchronized List<Long> unsent() {
        List<Long> ids = List.copyOf(unsent);
        unsent.clear();
        return ids;
    }

    synchronized void done(long id, boolean ok, String text) {
        CompletableFuture<Done> answer = open.remove(id);
        if (answer != null) {
            answer.complete(new Done(ok, text));
        }
    }

    /// Whether the consistency point before an asked-for restart has been answered.
    synchronized boolean isRestartDue() {
        return restartId != 0 && !open.containsKey(restartId);
    }

    synchronized void guestGone() {
        open.values().forEach(answer -> answer.complete(new Done(false, "no guest runs")));
        open.clear();
        unsent.clear();
        restartId = 0;
    }
}
