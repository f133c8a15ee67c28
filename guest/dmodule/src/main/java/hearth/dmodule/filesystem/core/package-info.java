/// The file system's state in a guest's heap, and the one lock around it.
///
/// Invariants:
///
/// 1. All logic is synchronous under one lock (`FsLock`): the shared side to look, the exclusive side to change, to
///    freeze and to publish. No disk is waited for under it: a block that is not in memory is a `MissingBlock`; the
///    caller leaves the lock, fetches it and starts over ("prefetch, then execute").
/// 2. Between consistency points nothing changes on disk, and no block is allocated or freed. What changed stands in
///    the heap beside the unchanged tree: dirty data (file block → its place in the log), dirty metadata blocks,
///    dirty inodes, truncations. A reader looks in the current dirty set, then the frozen one, then the tree.
/// 3. Pointers of a tree change only when a consistency point publishes.
/// 4. Applying the same effects in the same order to the same root gives the same logical state: nothing here asks
///    for the time, a random number or the order of threads.
/// 5. Every dirty block is charged to `SpaceAccounting` before it can be acknowledged, so a consistency point never
///    runs out of space.
///
/// Nothing here survives a death of the guest: a successor starts from the committed root and replays the log.
package hearth.dmodule.filesystem.core;
