/// A domain's listeners and the connections on their way to a guest. Owned by domain 0: a guest's death closes no
/// listener, and a connect is never refused; it waits in the kernel's queue until a guest listens. What a guest has
/// acknowledged is the guest's alone and dies with it. Beside them, where it is asked for, a portmapper that tells the
/// ports.
package hearth.domain0.net;
