package hearth.domain0.domain;

/// Something about a start that is known before it.
///
/// @param controller whose it is, "" for the host
/// @param key that it is about, such as `disks[1].file`, "" for none
/// @param text for people: what is wrong with which value, and the remedy
/// @param error whether the start fails by it; a warning otherwise
public record Finding(String controller, String key, String text, boolean error) {}
