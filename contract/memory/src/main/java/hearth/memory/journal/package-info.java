/// The journal file's format: what of the log survives the host. Domain 0 alone writes it, before any incarnation
/// exists and while one runs; offline tools read it. One domain has one journal, kept in 1 to n files of equal content,
/// each append flushed on all of them. Everything here is judged from copies: any bytes decode to a value or nothing.
///
/// A journal is two header slots written in turn and a circle of entries with consecutive sequence numbers. The header
/// says where the circle's oldest entry stands and sums up what was before it. The end is the first place where the
/// expected sequence number does not parse: torn by the host's death, unless a later entry says that it was durable.
package hearth.memory.journal;
