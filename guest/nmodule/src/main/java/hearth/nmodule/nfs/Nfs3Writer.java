package hearth.nmodule.nfs;

import java.util.Optional;

import hearth.cf.Attributes;
import hearth.cf.FileHandle;
import hearth.cf.Wcc;
import hearth.nmodule.rpc.XdrWriter;

/// The data types of RFC 1813 §2.6 as results. Used by one thread.
final class Nfs3Writer {
    static final int HANDLE_BYTES = 4 + FileHandle.ENCODED_SIZE;
    static final int ATTRIBUTES_BYTES = 84;
    static final int POST_OP_ATTRIBUTES_BYTES = 4 + ATTRIBUTES_BYTES;
    static final int POST_OP_HANDLE_BYTES = 4 + HANDLE_BYTES;

    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final XdrWriter out;

    Nfs3Writer(XdrWriter out) {
        this.out = out;
    }

    XdrWriter xdr() {
        return out;
    }

    Nfs3Writer int4(int value) {
        out.int4(value);
        return this;
    }

    Nfs3Writer long8(long value) {
        out.long8(value);
        return this;
    }

    Nfs3Writer bool(boolean value) {
        out.bool(value);
        return this;
    }

    /// nfs_fh3
    Nfs3Writer handle(FileHandle file) {
        out.opaque(FileHandleLayout.encode(file));
        return this;
    }

    /// post_op_fh3
    Nfs3Writer postOpHandle(Optional<FileHandle> file) {
        bool(file.isPresent());
        file.ifPresent(this::handle);
        return this;
    }

    /// nfstime3: seconds are unsigned on the wire, so that a time before 1970 is shown as one after 2038.
    Nfs3Writer time(long timeNs) {
        out.int4((int) Math.floorDiv(timeNs, NS_PER_SECOND)).int4((int) Math.floorMod(timeNs, NS_PER_SECOND));
        return this;
    }

    /// fattr3
    Nfs3Writer attributes(Attributes a) {
        out.int4(a.type().code()).int4(a.mode()).int4(a.linkCount()).int4(a.uid()).int4(a.gid());
        out.long8(a.sizeBytes()).long8(a.usedBytes()).int4(a.deviceMajor()).int4(a.deviceMinor());
        out.long8(a.fileSystemId()).long8(a.fileId());
        return time(a.accessTimeNs()).time(a.modifyTimeNs()).time(a.changeTimeNs());
    }

    /// post_op_attr
    Nfs3Writer postOp(Optional<Attributes> attributes) {
        bool(attributes.isPresent());
        attributes.ifPresent(this::attributes);
        return this;
    }

    Nfs3Writer postOp(Attributes attributes) {
        return bool(true).attributes(attributes);
    }

    /// wcc_data
    Nfs3Writer wcc(Wcc wcc) {
        bool(wcc.before().isPresent());
        wcc.before().ifPresent(before ->
                long8(before.sizeBytes()).time(before.modifyTimeNs()).time(before.changeTimeNs()));
        return postOp(wcc.after());
    }
}
