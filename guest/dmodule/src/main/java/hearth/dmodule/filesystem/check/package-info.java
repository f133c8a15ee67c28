/// The offline checker: walks everything that one root reaches and compares it with the block map, the inode maps and
/// the counts. Reads only; never repairs. Used by `hearth verify` and after every consistency point in tests.
package hearth.dmodule.filesystem.check;
