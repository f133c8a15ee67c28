package hearth.dmodule.filesystem.operation;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import hearth.cf.Attributes;
import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfStatus;
import hearth.cf.FileHandle;
import hearth.cf.Name;
import hearth.dmodule.filesystem.core.MissingBlock;
import hearth.dmodule.filesystem.directory.DirectoryEntry;
import hearth.dmodule.filesystem.format.BlockPointer;

/// One READDIR or READDIRPLUS. Names and attributes are taken under one hold of the lock, so an entry never carries
/// another file's attributes. Inode blocks that are missing are collected, so that they are fetched together and not
/// one for each start-over; attributes that are still missing after a few rounds are left out, as the protocol allows.
///
/// The cookie verifier is constant: cookies stay valid as long as their directory.
final class Listing {
    /// Changes only with the meaning of cookies.
    static final long COOKIE_VERIFIER = 1;

    private static final int ROUNDS_MAX = 6;
    private static final int ENTRY_SIZE = 24;
    private static final int ATTRIBUTES_SIZE = 120;

    private final CfRequest.ReadDirectory request;
    private final Set<BlockPointer> missing = new LinkedHashSet<>();
    private int rounds;

    Listing(CfRequest.ReadDirectory request) {
        this.request = request;
    }

    /// Blocks that the round before would have needed.
    Set<BlockPointer> missing() {
        return missing;
    }

    /// The answer, or nothing: `missing` is to be fetched and the listing repeated.
    Optional<CfReply> round(View view) throws Refusal, MissingBlock {
        missing.clear();
        rounds++;
        var directory = view.directory(request.directory());
        view.require(directory, Permissions.READ);
        Refusal.unless(request.cookie() >= 0, CfStatus.BAD_COOKIE);
        boolean current = request.cookie() == 0 || request.cookieVerifier() == COOKIE_VERIFIER;
        Refusal.unless(current, CfStatus.BAD_COOKIE);
        var parent = LookOperations.parent(view, directory);
        var page = new Page(view, directory);
        boolean end = page.add(Name.of("."), DirectoryEntry.COOKIE_DOT, directory.ino())
                && page.add(Name.of(".."), DirectoryEntry.COOKIE_DOT_DOT, parent.ino())
                && view.names(directory)
                        .scan(Math.max(request.cookie(), DirectoryEntry.COOKIE_DOT_DOT), entry ->
                                page.add(entry.name(), entry.cookie(), entry.inode()));
        Refusal.unless(end || !page.entries.isEmpty(), CfStatus.TOO_SMALL);
        if (!missing.isEmpty() && rounds < ROUNDS_MAX) {
            return Optional.empty();
        }
        return Optional.of(
                new CfReply.Entries(view.attributes(directory), COOKIE_VERIFIER, page.entries, end));
    }

    /// The entries of one reply, within its bounds.
    private final class Page {
        private final View view;
        private final View.Node directory;
        private final List<CfReply.Entry> entries = new ArrayList<>();
        private long sizeBytes;

        Page(View view, View.Node directory) {
            this.view = view;
            this.directory = directory;
        }

        /// Adds an entry if it comes after the request's cookie; false if it does not fit any more.
        boolean add(Name name, long cookie, long ino) {
            if (cookie <= request.cookie()) {
                return true;
            }
            long size = name.length() + ENTRY_SIZE + (request.withAttributes() ? ATTRIBUTES_SIZE : 0);
            if (entries.size() >= request.countMax() || sizeBytes + size > request.sizeMaxBytes()) {
                return false;
            }
            sizeBytes += size;
            Optional<View.Node> node = request.withAttributes() ? node(ino) : Optional.empty();
            Optional<Attributes> attributes = node.map(view::attributes);
            Optional<FileHandle> handle = node.map(view::handle);
            entries.add(new CfReply.Entry(ino, name, cookie, attributes, handle));
            return true;
        }

        private Optional<View.Node> node(long ino) {
            try {
                return Optional.of(view.node(directory.volume(), ino));
            } catch (MissingBlock block) {
                missing.add(block.pointer());
                return Optional.empty();
            }
        }
    }
}
