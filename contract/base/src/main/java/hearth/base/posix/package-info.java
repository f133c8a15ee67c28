/// System calls of Linux on x86-64, by the JDK's foreign function interface: memory files, futexes, sockets, epoll,
/// descriptors, processes and Landlock. One small class per subject, static methods only.
///
/// Nothing here owns a descriptor, a mapping or a thread: whoever asked for one gives it back. Every descriptor is
/// made close-on-exec. What fails throws `PosixException`; what a caller has to expect (would block, timed out) is an
/// answer. Calls that can block do so in the kernel, so only platform threads may make them; each doc says which do.
package hearth.base.posix;
