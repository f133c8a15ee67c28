/// The guest's program. `Main` is started by domain 0 with the channel as descriptor 3; `Rehearse` runs at build time.
/// An `Incarnation` is everything that lives between one start and one death; what outlives it stands in the region and
/// on the disks.
package hearth.system;
