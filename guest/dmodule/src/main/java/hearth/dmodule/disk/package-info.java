/// Disks as the guest sees them: requests over the rings to domain 0's back-ends. Nothing here survives the guest; a
/// request that was in flight when it died is domain 0's to finish or to drop, and its writer never acknowledged it.
package hearth.dmodule.disk;
