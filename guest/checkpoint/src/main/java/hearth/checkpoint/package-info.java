/// The boot checkpoint: what a conventional boot would discover, by sections, and how a successor decides whether it
/// may believe it. Written by the guest alone, each section by the component that would otherwise discover it; it
/// survives the guest, in the region's two slots.
///
/// Invariant: a section is fresh only if the host's and the guest's counter for it both still read as they did *before*
/// it was probed, in the same region. A change marks the counter, then is applied, then the section is saved; so a
/// death anywhere between leaves a section that is stale, never one that is wrong.
package hearth.checkpoint;
