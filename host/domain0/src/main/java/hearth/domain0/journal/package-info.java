/// The journal of one domain and the flusher that fills it. Owned and written by domain 0 alone, by one thread. What
/// the journal holds survives the host: the log's records up to the flushed position, the incarnation numbers that may
/// have been used, the committed root and the label generation that a later boot must not go behind.
package hearth.domain0.journal;
