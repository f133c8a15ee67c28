/// The dirty index: which record of the log holds the newest bytes of a block, an attribute or a name, so that a
/// successor need not replay before it serves. One per half, in the `guest` file; the guest alone writes. An entry is a
/// hint: it is believed only if the record at its place has its LSN, parses, and names the same key.
package hearth.memory.index;
