/// Log files that stay within bounds, whoever writes them: `name`, and behind it `name.1`, the newest of the old ones,
/// to `name.N`. Owned by the host; the files survive it.
package hearth.domain0.log;
