/// Death at a chosen store, for tests only: numbered hooks behind each store to region and disks, at any of which a
/// process can be told to kill itself. Constant and folded away in production. Keeps nothing.
package hearth.memory.death;
