package hearth.dmodule.filesystem.check;

import java.util.ArrayList;
import java.util.List;

/// What a check found. The first problems are kept as text, the others are counted.
public final class Findings {
    private static final int KEPT_MAX = 100;

    private final List<String> problems = new ArrayList<>();
    private long problemCount;
    long blocks;
    long inodes;
    long directories;
    int volumes;

    Findings() {}

    /// Adds a problem; one line, naming the object.
    public void problem(String what) {
        problemCount++;
        if (problems.size() < KEPT_MAX) {
            problems.add(what);
        }
    }

    /// At most 100 of them.
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /// All of them.
    public long problemCount() {
        return problemCount;
    }

    public boolean clean() {
        return problemCount == 0;
    }

    /// Blocks that the root reaches.
    public long blocks() {
        return blocks;
    }

    /// Inodes in use.
    public long inodes() {
        return inodes;
    }

    public long directories() {
        return directories;
    }

    public int volumes() {
        return volumes;
    }
}
