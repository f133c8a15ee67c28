/// The buffer cache's memory: set headers and frames of 4 KiB in the `cache` file. The guest writes it; domain 0 only
/// the bytes of a frame between a read's submission and its completion. It survives the guest, and a successor uses
/// it at once: attaching reads one header, and a frame counts only if its bytes have the checksum that the block
/// pointer demands.
package hearth.memory.cache;
