/// RAID: one space of block numbers (vbn) over the members of a group. Members and their state stand durably in the
/// disks' labels and, for a fast restart, in the boot checkpoint. What is acknowledged as written stands on every
/// member in sync; a member that missed a write is left behind in the labels before the next write is acknowledged.
package hearth.dmodule.raid;
