/// The write-anywhere file system of an aggregate: volumes, inodes, directories and data as trees of checksummed
/// blocks under one root, fsinfo.
///
/// `FileSystem` is the face: mount or format, the lock, the state, blocks, consistency points. What operations do with
/// it is in `operation`, directories are in `directory`. Below: `core` (the state in the heap and its invariants),
/// `consistency` (how it becomes durable), `blockmap`, `tree`, `format` (bytes on disk), `check` (the offline checker).
///
/// What survives: a guest's death, everything that the log holds and the committed root in the region; a host's stop,
/// everything up to the last durable fsinfo and the journal's records after it.
package hearth.dmodule.filesystem;
