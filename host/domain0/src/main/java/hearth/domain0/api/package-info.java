/// The host's HTTP interface on loopback: JSON, behind a token that only the data directory's owner can read. Knows the
/// host through two small interfaces and changes nothing by itself. Nothing here survives the host.
package hearth.domain0.api;
