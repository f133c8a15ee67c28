/// NFS version 3 and MOUNT version 3 (RFC 1813): every procedure decodes its arguments, asks the storage through CF,
/// and writes what the storage said. Export rules are applied here: who may come, as whom, and whether to change
/// things.
///
/// Owns the cached list of exports and the table of mounts that MOUNT's DUMP shows; both are rebuilt or lost without
/// harm. Nothing here survives the guest, and nothing has to: handles, verifiers and the answers to repeated calls are
/// the storage's.
///
/// What every call passes tests types with `instanceof`: each pattern switch makes a class when it is first met, which
/// takes a third of a millisecond and more, and that is between a restart and its first answer.
package hearth.nmodule.nfs;
