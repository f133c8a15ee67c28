/// Domain 0's disks: what stands behind the slots of a domain's device table, and the back-end that serves the rings.
/// Owned by domain 0. A request is executed by one thread of the back-end's pool straight between the file and the
/// region's memory. What an accepted write left in the driver cache (the kernel's page cache) survives every guest;
/// only what a flush has answered for survives the host's power.
package hearth.domain0.disk;
