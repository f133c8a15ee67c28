package hearth.dmodule.filesystem.operation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import hearth.cf.Attributes;
import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfStatus;
import hearth.cf.FileHandle;
import hearth.cf.FileType;
import hearth.cf.Name;

/// The oracle: a file tree as plain objects, changed by the same requests, which says what status each must have.
/// Callers are root; rights are tested elsewhere.
final class TreeModel {
    /// An object and what clients must see of it.
    static final class Node {
        final FileType type;
        FileHandle handle;
        Attributes attributes;
        int links;
        boolean gone;
        Optional<Node> parent = Optional.empty();
        byte[] bytes = {};
        final Map<String, Node> children = new TreeMap<>();

        Node(FileType type) {
            this.type = type;
            links = type == FileType.DIRECTORY ? 2 : 1;
        }

        boolean isDirectory() {
            return type == FileType.DIRECTORY;
        }
    }

    final Node root = new Node(FileType.DIRECTORY);
    final List<Node> nodes = new ArrayList<>();

    TreeModel(FileHandle rootHandle) {
        root.handle = rootHandle;
        root.parent = Optional.of(root);
        nodes.add(root);
    }

    private Node of(FileHandle handle) {
        return nodes.stream().filter(node -> node.handle.equals(handle)).findFirst().orElseThrow();
    }

    private static String key(Name name) {
        return new String(name.bytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    /// The status that the request must get; with OK the model has changed too.
    CfStatus apply(CfRequest.Mutation request, byte[] payload) {
        return switch (request) {
            case CfRequest.Create r -> add(r.directory(), r.name(), new Node(FileType.REGULAR), r.how());
            case CfRequest.MakeDirectory r -> add(r.directory(), r.name(), new Node(FileType.DIRECTORY), GUARDED);
            case CfRequest.MakeNode r -> add(r.directory(), r.name(), new Node(r.type()), GUARDED);
            case CfRequest.SymbolicLink r -> {
                var node = new Node(FileType.SYMBOLIC_LINK);
                node.bytes = r.target();
                yield add(r.directory(), r.name(), node, GUARDED);
            }
            case CfRequest.Write r -> write(of(r.file()), r.offset(), payload);
            case CfRequest.Change r -> change(of(r.file()), r);
            case CfRequest.Remove r -> remove(of(r.directory()), key(r.name()), false);
            case CfRequest.RemoveDirectory r -> remove(of(r.directory()), key(r.name()), true);
            case CfRequest.Link r -> link(of(r.file()), of(r.directory()), key(r.name()));
            case CfRequest.Rename r ->
                rename(of(r.fromDirectory()), key(r.fromName()), of(r.toDirectory()), key(r.toName()));
        };
    }

    private static final CfRequest.Create.How GUARDED = CfRequest.Create.How.GUARDED;

    /// What the last `add` made or found.
    Node added = root;

    private CfStatus add(FileHandle handle, Name name, Node node, CfRequest.Create.How how) {
        var directory = of(handle);
        if (directory.gone) {
            return CfStatus.STALE;
        }
        if (!directory.isDirectory()) {
            return CfStatus.NOT_A_DIRECTORY;
        }
        var there = directory.children.get(key(name));
        if (there != null) {
            added = there;
            boolean reopened = how == CfRequest.Create.How.UNCHECKED && there.type == FileType.REGULAR;
            return reopened ? CfStatus.OK : CfStatus.EXISTS;
        }
        directory.children.put(key(name), node);
        node.parent = Optional.of(directory);
        directory.links += node.isDirectory() ? 1 : 0;
        added = node;
        return CfStatus.OK;
    }

    /// Learns the handle of what was created.
    void created(CfReply.Created reply) {
        if (!nodes.contains(added)) {
            added.handle = reply.file();
            nodes.add(added);
        }
    }

    private static CfStatus write(Node file, long offset, byte[] payload) {
        if (file.gone) {
            return CfStatus.STALE;
        }
        if (file.type != FileType.REGULAR) {
            return file.isDirectory() ? CfStatus.IS_A_DIRECTORY : CfStatus.INVALID;
        }
        if (payload.length > 0) {
            int end = (int) offset + payload.length;
            file.bytes = Arrays.copyOf(file.bytes, Math.max(file.bytes.length, end));
            System.arraycopy(payload, 0, file.bytes, (int) offset, payload.length);
        }
        return CfStatus.OK;
    }

    private static CfStatus change(Node node, CfRequest.Change request) {
        if (node.gone) {
            return CfStatus.STALE;
        }
        if (request.change().sizeBytes().isPresent()) {
            if (node.type != FileType.REGULAR) {
                return node.isDirectory() ? CfStatus.IS_A_DIRECTORY : CfStatus.INVALID;
            }
            node.bytes = Arrays.copyOf(node.bytes, (int) request.change().sizeBytes().getAsLong());
        }
        return CfStatus.OK;
    }

    private static CfStatus remove(Node directory, String name, boolean wantDirectory) {
        if (directory.gone) {
            return CfStatus.STALE;
        }
        if (!directory.isDirectory()) {
            return CfStatus.NOT_A_DIRECTORY;
        }
        var node = directory.children.get(name);
        if (node == null) {
            return CfStatus.NOT_FOUND;
        }
        if (node.isDirectory() != wantDirectory) {
            return wantDirectory ? CfStatus.NOT_A_DIRECTORY : CfStatus.IS_A_DIRECTORY;
        }
        if (!node.children.isEmpty()) {
            return CfStatus.NOT_EMPTY;
        }
        directory.children.remove(name);
        drop(directory, node);
        return CfStatus.OK;
    }

    /// `node` lost a name in `directory`.
    private static void drop(Node directory, Node node) {
        if (node.isDirectory()) {
            directory.links--;
            node.gone = true;
        } else {
            node.links--;
            node.gone = node.links == 0;
        }
    }

    private static CfStatus link(Node file, Node directory, String name) {
        if (file.gone || directory.gone) {
            return CfStatus.STALE;
        }
        if (!directory.isDirectory()) {
            return CfStatus.NOT_A_DIRECTORY;
        }
        if (file.isDirectory()) {
            return CfStatus.IS_A_DIRECTORY;
        }
        if (directory.children.putIfAbsent(name, file) != null) {
            return CfStatus.EXISTS;
        }
        file.links++;
        return CfStatus.OK;
    }

    private static CfStatus rename(Node from, String fromName, Node to, String toName) {
        if (from.gone) {
            return CfStatus.STALE;
        }
        if (!from.isDirectory()) {
            return CfStatus.NOT_A_DIRECTORY;
        }
        if (to.gone) {
            return CfStatus.STALE;
        }
        if (!to.isDirectory()) {
            return CfStatus.NOT_A_DIRECTORY;
        }
        var moved = from.children.get(fromName);
        if (moved == null) {
            return CfStatus.NOT_FOUND;
        }
        var victim = to.children.get(toName);
        if (victim == moved) {
            return CfStatus.OK;
        }
        if (moved.isDirectory() && from != to && isBelow(to, moved)) {
            return CfStatus.INVALID;
        }
        if (victim != null) {
            if (moved.isDirectory() != victim.isDirectory()) {
                return moved.isDirectory() ? CfStatus.NOT_A_DIRECTORY : CfStatus.IS_A_DIRECTORY;
            }
            if (!victim.children.isEmpty()) {
                return CfStatus.NOT_EMPTY;
            }
            drop(to, victim);
        }
        from.children.remove(fromName);
        to.children.put(toName, moved);
        if (moved.isDirectory()) {
            from.links--;
            to.links++;
            moved.parent = Optional.of(to);
        }
        return CfStatus.OK;
    }

    private static boolean isBelow(Node node, Node ancestor) {
        var at = node;
        while (at != ancestor) {
            var up = at.parent.orElseThrow();
            if (up == at) {
                return false;
            }
            at = up;
        }
        return true;
    }
}
