/// The boot of one incarnation: decides a plan, restores or probes section by section, replays the log. Logic without
/// threads of its own; writes stamps, plan and counts into the heartbeat page. What it builds dies with the guest; it
/// builds it from the region and, in a conventional boot, from the disks.
///
/// Invariants:
/// - A fast restart asks no disk for anything before it listens, except reads that replay misses in the cache; both
///   are counted, by section.
/// - A conventional boot forgets the old checkpoint before it touches a disk, and waits first until no write of a dead
///   incarnation is under way.
/// - Every acknowledged record is applied before the first client comes, or its loss was declared.
package hearth.system.boot;
