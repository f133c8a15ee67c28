package hearth.dmodule.filesystem.operation;

import java.util.ArrayList;
import java.util.Arrays;

import hearth.base.Units;
import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfStatus;
import hearth.cf.Export;
import hearth.cf.FileType;
import hearth.dmodule.filesystem.core.MissingBlock;
import hearth.dmodule.filesystem.format.InodeLayout;

/// Calls that look at attributes and names, each one under the shared lock.
final class LookOperations {
    private LookOperations() {}

    static CfReply attributes(View view, CfRequest.GetAttributes request) throws Refusal, MissingBlock {
        return new CfReply.AttributesOf(view.attributes(view.node(request.file())));
    }

    static CfReply lookup(View view, CfRequest.Lookup request) throws Refusal, MissingBlock {
        var directory = view.searched(request.directory());
        View.requireName(request.name());
        View.Node node;
        if (request.name().isDot()) {
            node = directory;
        } else if (request.name().isDotDot()) {
            node = parent(view, directory);
        } else {
            node = view.node(directory.volume(), NamePlanner.find(view, directory, request.name()).inode());
        }
        return new CfReply.Found(view.handle(node), view.attributes(node), view.attributes(directory));
    }

    /// The root is its own parent.
    static View.Node parent(View view, View.Node directory) throws MissingBlock {
        boolean root = directory.ino() == directory.volume().rootInode();
        return root ? directory : view.node(directory.volume(), directory.fields().parentOrDevice());
    }

    static CfReply access(View view, CfRequest.Access request) throws Refusal, MissingBlock {
        var node = view.node(request.file());
        int granted = Permissions.access(view.caller(), node.fields(), request.mask());
        return new CfReply.Granted(view.attributes(node), granted);
    }

    static CfReply readLink(View view, CfRequest.ReadLink request) throws Refusal, MissingBlock {
        var node = view.node(request.file());
        Refusal.unless(node.fields().type() == FileType.SYMBOLIC_LINK, CfStatus.INVALID);
        int length = (int) node.fields().sizeBytes();
        byte[] target = length <= InodeLayout.AREA_SIZE
                ? node.inode().inlineTarget
                : Arrays.copyOf(view.state().readMeta(node.inode(), 0), length);
        return new CfReply.LinkText(view.attributes(node), target);
    }

    static CfReply statistics(View view, CfRequest.FileSystemStatistics request) throws Refusal, MissingBlock {
        var node = view.node(request.file());
        var space = view.state().space();
        long room = Math.max(0, node.volume().roomBlocks());
        long limit = node.volume().config().limitBlocks();
        long total = limit == 0 ? space.totalBlocks() : limit;
        long available = Math.min(room, space.availableBlocks());
        // Inodes are made as needed; what bounds them is space: one block for each is the least that is sure.
        return new CfReply.Statistics(
                view.attributes(node),
                total * Units.BLOCK_SIZE,
                Math.min(room, space.freeBlocks()) * Units.BLOCK_SIZE,
                available * Units.BLOCK_SIZE,
                total,
                available,
                WritePlanner.SIZE_MAX,
                CreatePlanner.LINKS_MAX);
    }

    static CfReply exports(View view) throws MissingBlock {
        var exports = new ArrayList<Export>();
        for (var volume : view.state().volumes()) {
            var config = volume.config();
            if (config.isExported()) {
                var root = view.handle(view.node(volume, volume.rootInode()));
                exports.add(new Export(
                        config.exportPath(),
                        root,
                        config.readOnly(),
                        config.clients(),
                        config.squash(),
                        config.anonymousUid(),
                        config.anonymousGid()));
            }
        }
        return new CfReply.Exports(exports);
    }
}
