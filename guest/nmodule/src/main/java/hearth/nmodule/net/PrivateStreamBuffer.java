package hearth.nmodule.net;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// A stream buffer in the guest's own memory: it dies with the guest.
///
/// Besides its fixed bound, a connection that holds memory gets more only while it holds less than half of what is
/// free, and never the part of the pool that is kept for those who hold nothing: a few connections that do not read
/// their replies cannot take what all others need. The other way round, a part can be kept for those who hold something
/// and need more to go on: the beginnings of records must not fill the pool so that none can be received to its end.
final class PrivateStreamBuffer implements StreamBuffer {
    private final BufferPool pool;
    private final long leasedBytesMax;
    private final long holdersReserveBytes;
    private final long newcomersReserveBytes;
    private final Runnable released;
    private final AtomicLong leased = new AtomicLong();
    private final AtomicLong appended = new AtomicLong();
    private final AtomicLong consumed = new AtomicLong();

    /// `released` is called after memory went back, on the thread that released it.
    PrivateStreamBuffer(
            BufferPool pool,
            long leasedBytesMax,
            long holdersReserveBytes,
            long newcomersReserveBytes,
            Runnable released) {
        this.pool = pool;
        this.leasedBytesMax = leasedBytesMax;
        this.holdersReserveBytes = holdersReserveBytes;
        this.newcomersReserveBytes = newcomersReserveBytes;
        this.released = released;
    }

    private final class PrivateLease extends Lease {
        private final BufferPool.Piece piece;

        PrivateLease(BufferPool.Piece piece) {
            super(piece.memory());
            this.piece = piece;
        }

        @Override
        protected MemorySegment giveBackBeyond(int sizeBytes) {
            long before = memory().byteSize();
            piece.shrink(sizeBytes);
            var left = piece.memory();
            leased.addAndGet(left.byteSize() - before);
            released.run();
            return left;
        }

        @Override
        protected void giveBack() {
            piece.giveBack();
            leased.addAndGet(-memory().byteSize());
            released.run();
        }
    }

    @Override
    public Optional<Lease> lease(int sizeBytes) {
        long bytes = BufferPool.rounded(sizeBytes);
        long before = leased.getAndAdd(bytes);
        long free = pool.freeBytes();
        boolean fair = before == 0
                ? free - bytes >= holdersReserveBytes
                : before <= free / 2 && free - bytes >= newcomersReserveBytes;
        if (before + bytes <= leasedBytesMax && fair) {
            Optional<BufferPool.Piece> piece = pool.take(sizeBytes);
            if (piece.isPresent()) {
                return Optional.of(new PrivateLease(piece.get()));
            }
        }
        leased.addAndGet(-bytes);
        return Optional.empty();
    }

    @Override
    public boolean exceedsOwnBound(int sizeBytes) {
        return leased.get() + BufferPool.rounded(sizeBytes) > leasedBytesMax;
    }

    @Override
    public void append(long countBytes) {
        appended.addAndGet(countBytes);
    }

    @Override
    public void consume(long countBytes) {
        consumed.addAndGet(countBytes);
    }

    @Override
    public long appendedBytes() {
        return appended.get();
    }

    @Override
    public long consumedBytes() {
        return consumed.get();
    }

    @Override
    public long leasedBytes() {
        return leased.get();
    }
}
