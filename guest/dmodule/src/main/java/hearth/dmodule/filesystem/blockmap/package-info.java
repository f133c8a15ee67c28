/// Which vbns are free: the block map in the heap, and the allocator that writes anywhere. Only a consistency point's
/// thread comes here. Nothing here survives the guest: a successor reads map blocks again as it needs them.
package hearth.dmodule.filesystem.blockmap;
