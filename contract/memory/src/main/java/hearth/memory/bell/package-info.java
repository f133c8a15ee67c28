/// Waking another process: a doorbell of two words in shared memory and a futex. A doorbell carries no data; what it
/// announces stands elsewhere, so a lost or extra ring costs time, never correctness. Nothing in it has to survive.
package hearth.memory.bell;
