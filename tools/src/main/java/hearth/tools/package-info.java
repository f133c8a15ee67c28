/// Tools that look at disks without a host: `verify` reads an aggregate's disks and compares everything that says
/// something with what it speaks of. Nothing here writes to a disk.
package hearth.tools;
