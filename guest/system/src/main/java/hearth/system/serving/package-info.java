/// What runs while a guest serves, beside the parts' own threads: consistency points, the watch for the flusher, the
/// counters that domain 0 reads. Nothing of it survives but what stands in the heartbeat page.
package hearth.system.serving;
