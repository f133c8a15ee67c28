/// The duplicate-request table: the first answers of mutating calls whose log records are gone, so that a repeated call
/// gets its first answer. In the `guest` file; the guest alone writes, from the log, before a half is freed. It
/// survives every guest; across a host's death it begins empty and reaches as far as the journal.
package hearth.memory.duplicates;
