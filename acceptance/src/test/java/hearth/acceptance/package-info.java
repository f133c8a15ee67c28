/// Real processes, real signals, clients that others wrote: enforces SPECIFICATION.md through what a user has: the
/// command line, the API and NFS.
/// Owns a data directory per test below the module's `target/`, and leaves no process, mount or shared file behind.
package hearth.acceptance;
