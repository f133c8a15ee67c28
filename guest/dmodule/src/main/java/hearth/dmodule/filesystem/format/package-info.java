/// The bytes of an aggregate on disk: block pointers, fsinfo, volume records, inodes, indirect blocks, the block map.
/// Layout classes carry the tables, small codecs beside them turn bytes into values. Owns no state.
///
/// Written by consistency points only (and by `format`); everything here survives a host's power loss. All numbers
/// are little-endian. Spare bytes are zero when written and ignored when read.
package hearth.dmodule.filesystem.format;
