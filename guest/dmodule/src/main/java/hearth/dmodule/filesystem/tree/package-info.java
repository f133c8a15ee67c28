/// Files as trees of checksummed blocks: the published tree as a value, following it, and writing a new version of it
/// beside the old one (nothing is overwritten). Owns no state and no block; where blocks come from and go to is passed
/// in.
package hearth.dmodule.filesystem.tree;
