/// Messages between domain 0 and one guest over a pair of SOCK_SEQPACKET sockets, with descriptors beside them. Both
/// sides decode with distrust: any bytes give a message or a typed failure. Nothing here survives a death of either
/// side; whatever must is in the region.
package hearth.memory.channel;
