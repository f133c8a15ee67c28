/// A guest's life in one process, with a real region, rings and sockets, so that the AOT cache made at build time holds
/// what a boot needs, and for tests of the boot. Nothing here runs in a guest that serves.
package hearth.system.rehearsal;
