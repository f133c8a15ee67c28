/// The buffer cache as the file system uses it: blocks of one aggregate by vbn, checked against the checksum of the
/// pointer that led to them. The frames outlive the guest; what is here besides them (who is filling what, counters)
/// dies with it and is not missed.
package hearth.dmodule.buffer;
