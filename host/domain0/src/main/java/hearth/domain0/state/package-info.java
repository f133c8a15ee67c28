/// The data directory: who owns it, and the small files in it that outlive a host (which aggregates there are, which
/// ports were chosen). Written by the one host that holds the lock; each file is replaced as a whole, so that a death
/// leaves the old one or the new one.
package hearth.domain0.state;
