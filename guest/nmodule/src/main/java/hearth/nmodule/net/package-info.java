/// Connections: one reactor thread (epoll) that receives records and hands each to a virtual thread, and the bounded
/// off-heap memory between them and the sockets. Knows nothing of RPC or NFS.
///
/// Owns the adopted descriptors and the buffer memory. Input state is written by the reactor's thread only; the send
/// queue by whoever finished a call, one sender at a time. Nothing here survives the guest: buffers are private, so a
/// guest's death closes its connections and clients repeat what was not answered.
///
/// What holds, always:
/// - leased memory stays within its bounds, per connection and in total; at a bound a connection is not read from;
/// - a call is started only when the room for its reply is leased, so no call ever waits for memory;
/// - a descriptor is closed only when nobody is inside a system call on it.
package hearth.nmodule.net;
