package hearth.dmodule.nvlog;

/// Asks for a consistency point that freezes after this call. May be called under the file system's lock and often:
/// it only notes the wish, and never blocks.
@FunctionalInterface
public interface ConsistencyPointRequests {
    /// Why one is wanted.
    enum Reason {
        /// Half, index or answer map is half full.
        LOG_FILL,
        /// An operation waits for room.
        LOG_FULL,
        /// Somebody waits for much to become stable: sooner written to its place than to the journal and its place.
        LARGE_BACKLOG,
        /// The journal does not make records stable, or too slowly.
        JOURNAL_DEGRADED
    }

    void request(Reason reason);
}
