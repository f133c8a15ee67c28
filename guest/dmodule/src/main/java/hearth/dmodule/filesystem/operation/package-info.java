/// What the file system does for a CF call: permissions, planning of results, the log, application, reading.
///
/// A mutation travels: duplicate lookup → lock → plan (validate, check permissions, compute the whole result as an
/// `Effect` and the reply) → is there space and room in the log → append effect, payload and reply as one record →
/// apply → index → unlock → wait until stable where asked → reply. Nothing after the append can fail. Replay applies
/// the same effects with the same `EffectApplier`; nothing here asks for the time, a random number or another
/// thread's order while applying.
///
/// Invariants:
/// - An effect holds results only (numbers, generations, times, cookies, sizes, whole attributes), so applying it does
///   not depend on anything but the state that its predecessors left.
/// - Plans change nothing. Whatever `MissingBlock` or refusal stops one, the call can start over.
/// - Every acknowledged mutation stands in the log with its reply; a repeat of the call gets that reply.
/// - Bytes beyond a file's end in its last block are zero, in the log and on disk: a growing file shows zeros.
/// - A change time grows with each change of its inode, by at least 1 ns, also when the clock stands or jumps back.
///
/// Owns no thread and no state that must survive: the log and the region do.
package hearth.dmodule.filesystem.operation;
