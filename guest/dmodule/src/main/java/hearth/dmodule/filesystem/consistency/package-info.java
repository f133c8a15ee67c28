/// Consistency points: what makes the heap's changes durable, and all that the file system writes to disk.
///
/// A consistency point freezes under the exclusive lock, writes everything that changed to free places without the
/// lock, flushes, and only then moves the root: *intent* (the complete new fsinfo) into the region, fsinfo in all its
/// places, flush, committed root into the region, publication in the heap, the log's half freed. A death at any store
/// leaves the root before or the root after; the log's records after that root's `lastLsn` bring back the rest.
///
/// Free-block rule: what consistency point n frees is allocated again from n + 2 on, so also the root before the
/// newest keeps its blocks until the next one is durable.
package hearth.dmodule.filesystem.consistency;
