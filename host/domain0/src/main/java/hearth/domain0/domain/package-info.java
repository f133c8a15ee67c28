/// A domain's life: what is made for it once (region, disks, journal, listeners), and its incarnations one after
/// another: spawned, watched, fenced, replaced. Owned by domain 0; one thread for each domain decides. What of it
/// survives the host is on the disks, in the journal and in the domain's state file.
package hearth.domain0.domain;
