/// The D-module's end of the NVLOG: appends what was decided, answers repeated calls, waits for what must be stable,
/// and replays after a death. Owned and written by the file system: all changes happen under its exclusive lock, except
/// `durable`, which belongs to the one consistency point that runs. The log, its dirty index and the duplicate table
/// survive the guest; everything on the heap here is built again by `replay`.
///
/// Invariants:
/// - Nothing after the claim can fail: room in half, index and answer map is looked at before, under the same lock.
/// - A half is used again only when a durable consistency point includes all its records and their answers stand in the
///   region's duplicate table.
/// - Whoever waits for a stable position is let go by the journal or by a consistency point, whichever comes first; a
///   journal that is degraded or slow makes us ask for a consistency point.
package hearth.dmodule.nvlog;
