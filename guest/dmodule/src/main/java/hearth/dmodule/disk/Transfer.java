package hearth.dmodule.disk;

import java.util.concurrent.CountDownLatch;

import hearth.base.Check;
import hearth.base.Uninterruptibly;
import hearth.base.Units;
import hearth.memory.ring.DiskOp;
import hearth.memory.ring.DiskStatus;

/// A request under way. Any number of threads may wait for it; waiting parks, so virtual threads may.
public final class Transfer {
    private final DiskRequest request;
    private final CountDownLatch done = new CountDownLatch(1);
    // Written before the latch opens, read after.
    private DiskStatus status = DiskStatus.OK;
    private int errno;
    private int bytes;

    Transfer(DiskRequest request) {
        this.request = request;
    }

    DiskRequest request() {
        return request;
    }

    /// Completion thread only.
    void complete(DiskStatus newStatus, int newErrno, int newBytes) {
        boolean shortTransfer = newStatus == DiskStatus.OK
                && request.op() != DiskOp.FLUSH
                && newBytes != request.blocks() * Units.BLOCK_SIZE;
        status = shortTransfer ? DiskStatus.SHORT : newStatus;
        errno = newErrno;
        bytes = newBytes;
        done.countDown();
    }

    public boolean isDone() {
        return done.getCount() == 0;
    }

    /// Waits for the end. Throws when the disk failed; a request that domain 0 calls malformed is a bug.
    public void await() throws DiskException {
        Uninterruptibly.await(done);
        switch (status) {
            case OK -> {}
            case IO_ERROR, SHORT, NO_DEVICE ->
                throw new DiskException(request.disk().slot(), request.dbn(), status, errno);
            case BAD_REQUEST, STALE_EPOCH ->
                throw Check.failed("domain 0 refused " + request + ": " + status + ", " + bytes + " bytes");
        }
    }
}
