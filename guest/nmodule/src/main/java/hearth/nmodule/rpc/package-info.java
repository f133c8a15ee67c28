/// Remote procedure calls, version 2 (RFC 5531), and their data representation (RFC 4506): call and reply headers,
/// credentials, dispatch to programs. Knows nothing of NFS.
///
/// Stateless but for the table of programs, which is made once; nothing to survive. Whatever a client sends gives the
/// error that the RFC names, or the end of its own connection.
package hearth.nmodule.rpc;
