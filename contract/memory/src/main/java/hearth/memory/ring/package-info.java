/// Disk requests between a guest and domain 0: a submission ring, a completion ring and a staging area in the `rings`
/// file; one pair carries many disks. Each word has one writing side. Nothing in it survives a fence: domain 0 resets
/// the rings before the next guest sees them, and entries of an older epoch are void.
package hearth.memory.ring;
