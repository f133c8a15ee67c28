package hearth.domain0.domain;

/// Told now and then while something takes its time; on any thread.
@FunctionalInterface
public interface Progress {
    void note(String text);
}
