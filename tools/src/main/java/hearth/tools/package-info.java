/// Tools that look at disks without a host: `verify` reads an aggregate's disks and compares everything that says
/// something with what it speaks of, `dump` shows what stands there. Nothing here writes to a disk.
package hearth.tools;
