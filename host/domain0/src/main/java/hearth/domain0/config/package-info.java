/// What the administrator wrote in the YAML file, as records with defaults that are valid by the time they exist.
/// Owned by the start of the host; never changes while it runs, and nothing here survives anything.
package hearth.domain0.config;
