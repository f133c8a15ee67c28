package hearth.dmodule.filesystem.operation;

import java.util.Optional;

import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfStatus;
import hearth.cf.FileHandle;
import hearth.cf.Wcc;
import hearth.dmodule.filesystem.core.MissingBlock;

/// What RFC 1813 wants beside an error: the attributes of the objects that the call names, as far as they are there.
final class FailureReplies {
    private FailureReplies() {}

    static CfReply.Failed of(View view, CfRequest request, CfStatus status) {
        var first = CfRequest.handleOf(request);
        Optional<FileHandle> second = Optional.empty();
        if (request instanceof CfRequest.Rename rename) {
            second = Optional.of(rename.toDirectory());
        } else if (request instanceof CfRequest.Link link) {
            first = Optional.of(link.directory());
            second = Optional.of(link.file());
        }
        return new CfReply.Failed(status, now(view, first), now(view, second));
    }

    private static Wcc now(View view, Optional<FileHandle> handle) {
        if (handle.isEmpty()) {
            return Wcc.UNKNOWN;
        }
        try {
            return view.unchanged(view.node(handle.get()));
        } catch (Refusal | MissingBlock unknown) {
            return Wcc.UNKNOWN;
        }
    }
}
