package hearth.memory.channel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import hearth.base.Check;

/// What an administrator wants of the volumes and exports on an aggregate, as the lines of `Administer`. Every change
/// carries a random number: the aggregate remembers that of its last change, so a change that is asked for again after
/// the guest's death is done once.
///
/// Keys: `verb` (the record's name), `request` (hexadecimal), and the record's components in kebab-case.
public sealed interface AdminRequest {
    String VERB = "verb";
    String REQUEST = "request";
    String NAME = "name";
    String SIZE = "size-bytes";
    String FORCE = "force";
    String PATH = "path";
    String VOLUME = "volume";
    String ACCESS = "access";
    String SQUASH = "squash";
    String CLIENTS = "clients";
    String READ_ONLY = "ro";
    String READ_WRITE = "rw";

    /// All volumes, with what is exported of them. Changes nothing.
    record ListVolumes() implements AdminRequest {}

    /// What changes something.
    sealed interface Change extends AdminRequest {
        /// Random, not zero.
        long request();
    }

    /// @param sizeBytes the most that it may hold; 0: as much as the aggregate has
    record CreateVolume(long request, String name, long sizeBytes) implements Change {}

    record ResizeVolume(long request, String name, long sizeBytes) implements Change {}

    /// @param force also if it is exported or not empty
    record DeleteVolume(long request, String name, boolean force) implements Change {}

    /// @param squash `none`, `root` or `all`
    /// @param clients CIDR blocks, at least one
    record CreateExport(
            long request, String path, String volume, boolean readOnly, String squash, List<String> clients)
            implements Change {
        public CreateExport {
            clients = List.copyOf(clients);
        }
    }

    /// What is empty stays as it is.
    record SetExport(
            long request, String path, Optional<Boolean> readOnly, Optional<String> squash, List<String> clients)
            implements Change {
        public SetExport {
            clients = List.copyOf(clients);
        }
    }

    record DeleteExport(long request, String path) implements Change {}

    /// How a request ended; the ordinal travels, so append only.
    enum Outcome {
        /// Done and durable.
        DONE,
        /// Not possible as things are; the text says why and what to do.
        REFUSED,
        /// It names what is not there.
        NOT_FOUND,
        /// It asks for what can never be.
        INVALID
    }

    /// The lines of `Administer`.
    default List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add(VERB + "=" + getClass().getSimpleName());
        if (this instanceof Change change) {
            lines.add(REQUEST + "=" + Long.toHexString(change.request()));
        }
        if (this instanceof CreateVolume r) {
            lines.add(NAME + "=" + r.name());
            lines.add(SIZE + "=" + r.sizeBytes());
        } else if (this instanceof ResizeVolume r) {
            lines.add(NAME + "=" + r.name());
            lines.add(SIZE + "=" + r.sizeBytes());
        } else if (this instanceof DeleteVolume r) {
            lines.add(NAME + "=" + r.name());
            lines.add(FORCE + "=" + r.force());
        } else if (this instanceof CreateExport r) {
            lines.add(PATH + "=" + r.path());
            lines.add(VOLUME + "=" + r.volume());
            lines.add(ACCESS + "=" + access(r.readOnly()));
            lines.add(SQUASH + "=" + r.squash());
            lines.add(CLIENTS + "=" + String.join(",", r.clients()));
        } else if (this instanceof SetExport r) {
            lines.add(PATH + "=" + r.path());
            r.readOnly().ifPresent(readOnly -> lines.add(ACCESS + "=" + access(readOnly)));
            r.squash().ifPresent(squash -> lines.add(SQUASH + "=" + squash));
            if (!r.clients().isEmpty()) {
                lines.add(CLIENTS + "=" + String.join(",", r.clients()));
            }
        } else if (this instanceof DeleteExport r) {
            lines.add(PATH + "=" + r.path());
        } else {
            Check.that(this instanceof ListVolumes, "a request without lines");
        }
        return lines;
    }

    private static String access(boolean readOnly) {
        return readOnly ? READ_ONLY : READ_WRITE;
    }

    /// Reads what `lines` wrote.
    static AdminRequest parse(List<String> lines) throws ChannelException {
        var from = new KeyedLines("administration", lines);
        String verb = from.text(VERB);
        if (verb.equals("ListVolumes")) {
            return new ListVolumes();
        }
        long request;
        try {
            request = Long.parseUnsignedLong(from.text(REQUEST), 16);
        } catch (NumberFormatException e) {
            throw new ChannelException("administration: request '" + from.text(REQUEST) + "'");
        }
        return switch (verb) {
            case "CreateVolume" -> new CreateVolume(request, from.text(NAME), from.number(SIZE));
            case "ResizeVolume" -> new ResizeVolume(request, from.text(NAME), from.number(SIZE));
            case "DeleteVolume" -> new DeleteVolume(request, from.text(NAME), from.text(FORCE).equals("true"));
            case "CreateExport" -> new CreateExport(request, from.text(PATH), from.text(VOLUME),
                    from.text(ACCESS).equals(READ_ONLY), from.text(SQUASH), from.list(CLIENTS));
            case "SetExport" -> new SetExport(request, from.text(PATH), from.optional(ACCESS).map(READ_ONLY::equals),
                    from.optional(SQUASH), from.list(CLIENTS));
            case "DeleteExport" -> new DeleteExport(request, from.text(PATH));
            default -> throw new ChannelException("administration: no verb '" + verb + "'");
        };
    }
}
