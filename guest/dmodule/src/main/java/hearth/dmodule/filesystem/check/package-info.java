/// The offline checker: walks everything that one root reaches and compares it with the block map, the inode maps and
/// the counts. Reads only; never repairs. Tests run it
/// after every consistency point.
package hearth.dmodule.filesystem.check;
