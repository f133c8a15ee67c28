package hearth.nmodule.nfs;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

import hearth.base.Check;
import hearth.cf.Caller;
import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfService;
import hearth.cf.CfStatus;
import hearth.cf.Export;
import hearth.cf.FileHandle;

/// The exports, cached: the storage owns the list, and whoever changes it has `refresh` called. Every call's handle is
/// looked up here, because the rules of an export bind each call, not only the mount. Any thread.
final class ExportTable {
    private final CfService storage;
    private final ReentrantLock refreshing = new ReentrantLock();
    private volatile Optional<List<Rule>> rules = Optional.empty();

    /// An export with its client list parsed.
    ///
    /// @param path without trailing slash, one byte per character: paths from clients are bytes
    record Rule(Export export, String path, List<ClientBlock> clients) {
        static Rule of(Export export) {
            var path = new String(export.path().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            var blocks = export.clients().stream()
                    .flatMap(text -> ClientBlock.parse(text).stream())
                    .toList();
            return new Rule(export, withoutTrailingSlash(path), blocks);
        }

        /// Whether a client with this normalized address may come. A list of which nothing could be understood admits
        /// nobody.
        boolean admits(byte[] address) {
            if (export.clients().isEmpty()) {
                return true;
            }
            for (ClientBlock block : clients) {
                if (block.contains(address)) {
                    return true;
                }
            }
            return false;
        }
    }

    /// The answer to a handle or path from a client.
    sealed interface Admission {
        record Admitted(Export export) implements Admission {}

        record Refused(CfStatus status) implements Admission {}
    }

    ExportTable(CfService storage) {
        this.storage = storage;
    }

    /// Asks the storage for the list; on failure the old one stays. May park.
    void refresh() {
        refreshing.lock();
        try {
            var server = new Caller(new byte[4], 0, 0, 0, 0, new int[0], true);
            var reply = storage.call(server, new CfRequest.ListExports(), MemorySegment.NULL, MemorySegment.NULL);
            if (reply instanceof CfReply.Exports list) {
                rules = Optional.of(list.exports().stream().map(Rule::of).toList());
            } else {
                Check.that(
                        reply instanceof CfReply.Failed || reply instanceof CfReply.Dropped,
                        "a list of exports was answered with something else");
            }
        } finally {
            refreshing.unlock();
        }
    }

    /// The exports that there are; empty also while the storage could not be asked yet.
    List<Rule> rules() {
        var known = rules;
        if (known.isEmpty()) {
            refresh();
            known = rules;
        }
        return known.orElse(List.of());
    }

    /// Whether the storage has given the list.
    boolean isKnown() {
        return rules.isPresent();
    }

    /// The export that a handle belongs to, if the client may use it.
    Admission admit(FileHandle handle, byte[] address) {
        var known = rules();
        boolean sameAggregate = known.isEmpty();
        boolean exported = false;
        for (Rule rule : known) {
            var root = rule.export().root();
            if (root.aggregateId() != handle.aggregateId()) {
                continue;
            }
            sameAggregate = true;
            if (root.volumeId() == handle.volumeId()) {
                if (rule.admits(address)) {
                    return new Admission.Admitted(rule.export());
                }
                exported = true;
            }
        }
        if (rules.isEmpty()) {
            return new Admission.Refused(CfStatus.TRY_LATER);
        }
        if (exported) {
            return new Admission.Refused(CfStatus.ACCESS_DENIED);
        }
        return new Admission.Refused(sameAggregate ? CfStatus.STALE : CfStatus.BAD_HANDLE);
    }

    /// The export with the longest path that `path` lies in; both absolute, without trailing slash.
    Optional<Rule> containing(String path) {
        Optional<Rule> best = Optional.empty();
        for (Rule rule : rules()) {
            boolean inside = path.equals(rule.path()) || path.startsWith(rule.path() + "/");
            if (inside && rule.path().length() >= best.map(b -> b.path().length()).orElse(0)) {
                best = Optional.of(rule);
            }
        }
        return best;
    }

    static String withoutTrailingSlash(String path) {
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }
}
