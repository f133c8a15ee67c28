/// What stands at fixed places of every disk: the label's two copies, fsinfo's two blocks, the data area. Domain 0
/// writes a new disk's first label; afterwards only the guest that owns the aggregate writes, through its ring.
/// Labels survive everything but the loss of the disk; a torn write is told by the CRC and the other copy stands.
package hearth.memory.label;
