package hearth.nmodule.net;

import java.util.Optional;

/// The memory behind one direction of one connection. Memory is leased before it is filled; what stands in it becomes
/// part of the stream by `append` and stops being needed by `consume`; the lease goes back when its last holder
/// releases it. The positions count bytes since the connection began: a buffer that outlives the guest keeps them in
/// shared memory, one that does not keeps them as numbers.
///
/// Any thread may lease, consume and release; appending is for the one who holds the lease.
public interface StreamBuffer {
    /// Memory of at least `sizeBytes`, or nothing when a bound is reached: then the caller stops and tries again after
    /// a release.
    Optional<Lease> lease(int sizeBytes);

    /// Whether a lease of `sizeBytes` would break this connection's own bound, whatever others hold.
    boolean exceedsOwnBound(int sizeBytes);

    /// `countBytes` more belong to the stream.
    void append(long countBytes);

    /// The oldest `countBytes` not yet consumed are dealt with: answered, or taken by the kernel.
    void consume(long countBytes);

    /// Bytes appended since the connection began.
    long appendedBytes();

    /// Bytes consumed since the connection began.
    long consumedBytes();

    /// Bytes leased and not released.
    long leasedBytes();
}
