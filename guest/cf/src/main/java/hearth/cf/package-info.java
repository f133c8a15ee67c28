/// CF, the messages between protocol servers (N-module) and storage (D-module): the only thing the two know of each
/// other. Immutable records, an encoder and a decoder for calls that leave the process, and the local call (LPC).
/// Owns no state; nothing here survives anything.
package hearth.cf;
